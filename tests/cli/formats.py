#!/usr/bin/python3
# SPDX-License-Identifier: MIT
#
# What formats.sh asks of Python: whether a report is what its readers want.
#
#	formats.py schema SCHEMA REPORT...   valid, and nothing undocumented
#	formats.py lines SCHEMA REPORT       the same of jsonl
#	formats.py sarif REPORT              what SARIF 2.1.0 requires
#	formats.py junit REPORT              "N tests, N failures, N errors"
#	formats.py perfetto REPORT           what the trace viewers require
#
# Exits with 77 when a module is missing.
import json
import sys


def closed(schema):
    """The schema without room for members that it does not describe."""
    if isinstance(schema, dict):
        out = {key: closed(value) for key, value in schema.items()}
        if "properties" in schema and isinstance(schema["properties"], dict):
            out["additionalProperties"] = False
        return out
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    return schema


def validate(schema, report):
    try:
        import jsonschema
    except ImportError:
        sys.exit(77)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema)
    jsonschema.validate(report, closed(schema))


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def check_schema(schema, *reports):
    for report in reports:
        validate(load(schema), load(report))


def check_lines(schema, report):
    parts = {"head": [], "result": [], "total": []}
    with open(report, encoding="utf-8") as file:
        for line in file:
            (key, value), = json.loads(line).items()
            parts[key].append(value)
    head, = parts["head"]
    total, = parts["total"]
    validate(load(schema), {**head, "results": parts["result"],
                            "total": total})


def check_place(location):
    physical = location["physicalLocation"]
    assert physical["artifactLocation"]["uri"]
    if "region" in physical:
        assert physical["region"]["startLine"] >= 1
        assert physical["region"].get("startColumn", 1) >= 1


def check_sarif(report):
    log = load(report)
    assert log["version"] == "2.1.0" and log["$schema"].startswith("https:")
    run, = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "cdmasim"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert len(result["locations"]) == 1
        check_place(result["locations"][0])
        for related in result.get("relatedLocations", []):
            check_place(related)
            assert related["message"]["text"] and related["id"] >= 0
        places = [p["physicalLocation"]["region"]["startLine"]
                  for p in result["locations"]
                  + result.get("relatedLocations", [])
                  if "region" in p["physicalLocation"]]
        print(result["level"], result["ruleId"], *places)


def check_junit(report):
    try:
        from junitparser import JUnitXml
    except ImportError:
        sys.exit(77)
    xml = JUnitXml.fromfile(report)
    cases = [case for suite in xml for case in suite]
    kinds = [type(r).__name__ for case in cases for r in case.result]
    assert all(case.name and case.classname for case in cases)
    counted = sum(suite.tests for suite in xml)
    assert counted == len(cases) == xml.tests
    print(f"{len(cases)} tests, {kinds.count('Failure')} failures, "
          f"{kinds.count('Error')} errors")


def check_perfetto(report):
    events = load(report)["traceEvents"]
    flows = {}
    for event in events:
        assert isinstance(event["pid"], int) and event["ph"] in "XMsfi"
        if event["ph"] != "M":
            assert isinstance(event["ts"], int) and event["name"]
        if event["ph"] in "sf":
            flows.setdefault(event["id"], []).append(event["ph"])
    assert all(sorted(ends) == ["f", "s"] for ends in flows.values())
    print(f"{sum(e['ph'] == 'X' for e in events)} events, "
          f"{len(flows)} flows")


if __name__ == "__main__":
    globals()["check_" + sys.argv[1]](*sys.argv[2:])
