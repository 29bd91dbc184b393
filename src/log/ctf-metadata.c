/* SPDX-License-Identifier: MIT */
#include "log/ctf.h"

#include "base/macros.h"
#include "base/text.h"

static const char types[] =
	"/* CTF 1.8 */\n"
	"\n"
	"typealias integer { size = 8; align = 8; signed = false; } := "
	"uint8_t;\n"
	"typealias integer { size = 16; align = 8; signed = false; } := "
	"uint16_t;\n"
	"typealias integer { size = 32; align = 8; signed = false; } := "
	"uint32_t;\n"
	"typealias integer { size = 64; align = 8; signed = false; } := "
	"uint64_t;\n"
	"typealias integer { size = 32; align = 8; signed = false; base = x; "
	"}\n"
	"\t:= hex32_t;\n"
	"typealias integer { size = 64; align = 8; signed = false; base = x; "
	"}\n"
	"\t:= hex64_t;\n"
	"typealias integer { size = 16; align = 8; signed = false; } := "
	"actor_t;\n"
	"typealias enum : uint8_t { plain, marked, bulk, dma, mmio } := "
	"how_t;\n"
	"typealias enum : uint8_t { read, write, full } := order_t;\n"
	"typealias enum : uint8_t { smp, dma, all } := domain_t;\n"
	"typealias enum : uint8_t { cpu, irq, device } := kind_t;\n"
	"typealias enum : uint8_t { device, region, object, frame } := "
	"table_t;\n"
	"\n"
	"trace {\n"
	"\tmajor = 1;\n"
	"\tminor = 8;\n"
	"\tbyte_order = le;\n"
	"\tpacket.header := struct {\n"
	"\t\tuint32_t magic;\n"
	"\t\tuint32_t stream_id;\n"
	"\t\tuint64_t stream_instance_id;\n"
	"\t};\n"
	"};\n"
	"\n"
	"env {\n"
	"\ttracer_name = \"cdmasim\";\n"
	"\ttracer_major = 1;\n"
	"};\n"
	"\n"
	"clock {\n"
	"\tname = seq;\n"
	"\tdescription = \"the sequence number of the event, not a time\";\n"
	"\tfreq = 1000000000;\n"
	"};\n"
	"\n"
	"typealias integer {\n"
	"\tsize = 64; align = 8; signed = false; map = clock.seq.value;\n"
	"} := seq_t;\n"
	"\n"
	"stream {\n"
	"\tid = 0;\n"
	"\tpacket.context := struct {\n"
	"\t\tseq_t timestamp_begin;\n"
	"\t\tseq_t timestamp_end;\n"
	"\t\tuint64_t content_size;\n"
	"\t\tuint64_t packet_size;\n"
	"\t\tuint64_t packet_seq_num;\n"
	"\t};\n"
	"\tevent.header := struct { seq_t timestamp; uint8_t id; };\n"
	"};\n"
	"\n"
	"struct what {\n";

static const char fields_end[] = "\tuint32_t site;\n"
				 "\tuint32_t addr_deps;\n"
				 "\tuint32_t addr_dep[addr_deps];\n"
				 "\tuint8_t addr_bytes[addr_deps];\n"
				 "\tuint32_t data_deps;\n"
				 "\tuint32_t data_dep[data_deps];\n"
				 "\tuint8_t data_bytes[data_deps];\n"
				 "};\n\n";

static const struct {
	enum ctf_record id;
	const char *name, *fields;
} records[] = {
	{CTF_INFO, "info", "{ string key; string value; }"},
	{CTF_SITE, "site",
	 "{ uint32_t site; uint32_t line; uint32_t col; hex32_t has;\n"
	 "\tstring file; string func; string text; string label; }"},
	{CTF_ACTOR, "actor",
	 "{ actor_t actor; uint16_t device; kind_t kind; string name; }"},
	{CTF_NAME, "name", "{ table_t table; uint32_t id; string name; }"},
	{CTF_FINDING, "finding",
	 "{ string id; uint64_t at; uint64_t against; uint64_t proof;\n"
	 "\tuint64_t publish; uint32_t region; uint64_t arg0; uint64_t arg1; "
	 "}"},
};

static const struct {
	const char *type, *name;
} fields[] = {
#define X(type, member) {type, #member},
	CTF_EVENT_FIELDS(X)
#undef X
};

static void add_class(struct cdma_text *text, unsigned int id, const char *name,
		      const char *body)
{
	cdma_text_addf(text,
		       "event {\n\tid = %u;\n\tname = \"%s\";\n"
		       "\tstream_id = 0;\n\tfields := struct %s;\n};\n\n",
		       id, name, body);
}

char *cdma_ctf_metadata(void)
{
	struct cdma_text text = {0};

	cdma_text_add(&text, types);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		cdma_text_addf(&text, "\t%s %s;\n", fields[i].type,
			       fields[i].name);
	cdma_text_add(&text, fields_end);
	for (unsigned int i = 0; i < CDMA_EV_NR; i++)
		add_class(&text, i, cdma_event_kind_name(i), "what");
	for (size_t i = 0; i < ARRAY_SIZE(records); i++)
		add_class(&text, records[i].id, records[i].name,
			  records[i].fields);
	return text.at;
}
