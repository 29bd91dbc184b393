/* SPDX-License-Identifier: MIT */
#ifndef CDMA_RUN_H
#define CDMA_RUN_H

/*
 * Run: a model in C, in a program of its own.
 *
 * model.h lets cdmasim run what a shared object has.  Here it is the other way
 * round: the program has a main(), says what there is and who does what, and
 * asks for runs.
 *
 *	#include <cdma/model.h>
 *	#include <cdma/run.h>
 *
 *	int main(int argc, char **argv)
 *	{
 *		struct cdma_run *run = cdma_run_new("nic_rx", "NIC RX ring");
 *		int status;
 *
 *		cdma_run_declare(run, "device nic { regs { u32 ring; }"
 *				      " irq rx: msi; dma_bits = 32; };");
 *		cdma_run_setup(run, probe);
 *		cdma_run_thread(run, poll_rx);
 *		cdma_run_engine(run, "nic", engine);
 *		cdma_run_irq(run, "nic.rx", handle_rx);
 *		cdma_run_teardown(run, unbind);
 *		status = cdma_run_main(run, argc, argv);
 *		cdma_run_free(run);
 *		return status;
 *	}
 *
 *	cc -g -o nic nic.c $(pkg-config --cflags --libs cdma-run)
 *	./nic explore
 *
 * cdma_run_main() takes the words of a command line, does the runs and prints
 * what came of them, with a line that shows each finding again.  Who has a test
 * of his own calls cdma_run_explore() and its kin, and asks for the text of a
 * finding, or for its log.
 *
 * What the functions may do
 * -------------------------
 * What model.h says, which also has what they call.  A run changes variables of
 * the program, of which the next one must not know: when a run begins all of
 * them, and what cdma_model_alloc() gives, are as they were when the call was
 * made that asked for runs, and so they are when it returns.  What cannot be
 * put back must not be called from a model: malloc(), printf(), files, threads,
 * the time.  In a shared object that is refused; here nobody can tell it from
 * what main() does.
 *
 * The program is linked as usual, to a libc.so.  Its functions are not
 * instrumented by ThreadSanitizer (doc/libcdma.md says what to do instead).
 *
 * Threads: all calls are made by one thread at a time, and only one run of all
 * that a process has is under way at a time, whoever asks for it: what a run
 * changes is there once.  cdma_run_threads() makes threads, and has joined them
 * when it returns.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cdma/finding.h>

struct cdma_run;

/* ---- what there is, and who does what ---- */

/* What an actor does: 0, or -errno.  All of them are called without arguments;
 * params and what is declared have names (model.h). */
typedef int cdma_run_fn(void);

/*
 * A model without anything in it.
 *
 * @name:  an identifier of C, for reports.
 * @title: one line about it; NULL: none.
 *
 * Both are copied, as are all texts below.
 * Owns: the caller; cdma_run_free().  NULL is ignored there.
 */
struct cdma_run *cdma_run_new(const char *name, const char *title);
void cdma_run_free(struct cdma_run *run);

/*
 * Declare what there is, in the language of scenarios (doc/scenarios.md): a
 * device with its registers and interrupts, a lock, a completion, a `shared'
 * variable, `param rmb = 0;', `expect unordered_read at poll_rx against put;',
 * a variant.
 *
 * What is wrong with it is said by the first call that runs it.
 */
void cdma_run_declare(struct cdma_run *run, const char *text);

/* What is done once before the threads: what it returns says whether they
 * begin.  And once after them. */
#define cdma_run_setup(run, fn)    cdma_run_setup_at(run, #fn, fn)
#define cdma_run_teardown(run, fn) cdma_run_teardown_at(run, #fn, fn)

/* A thread of a CPU, which is called as its function; an engine of the device
 * @device; the handler of the interrupt @irq, "nic.rx". */
#define cdma_run_thread(run, fn) cdma_run_thread_at(run, #fn, fn)
#define cdma_run_engine(run, device, fn)                                       \
	cdma_run_engine_at(run, device, #fn, fn)
#define cdma_run_irq(run, irq, fn) cdma_run_irq_at(run, irq, #fn, fn)

/* A function that the text of a declaration calls by its name: of a timer, a
 * work, or an actor that is called more than once or with another name. */
#define cdma_run_function(run, fn) cdma_run_function_at(run, #fn, fn)

void cdma_run_setup_at(struct cdma_run *run, const char *name, cdma_run_fn *fn);
void cdma_run_teardown_at(struct cdma_run *run, const char *name,
			  cdma_run_fn *fn);
void cdma_run_thread_at(struct cdma_run *run, const char *name,
			cdma_run_fn *fn);
void cdma_run_engine_at(struct cdma_run *run, const char *device,
			const char *name, cdma_run_fn *fn);
void cdma_run_irq_at(struct cdma_run *run, const char *irq, const char *name,
		     cdma_run_fn *fn);
void cdma_run_function_at(struct cdma_run *run, const char *name,
			  cdma_run_fn *fn);

/* ---- how it is run ---- */

/* All of it counts for later runs, until it is said again.  The words are those
 * of the command line of cdmasim, and what is wrong with them is said when it
 * is run. */

/* As -D NAME=VALUE; the param is declared. */
void cdma_run_param(struct cdma_run *run, const char *name, int64_t value);
/* As --fail=RULE, one more: "dma_alloc #2".  NULL: none any more. */
void cdma_run_fail(struct cdma_run *run, const char *rule);
/* As --machine=NAME.  NULL: as is declared. */
void cdma_run_machine(struct cdma_run *run, const char *machine);
/* As --variant=NAME.  NULL: "default". */
void cdma_run_variant(struct cdma_run *run, const char *variant);
/* As --memory=weak: a read may be late. */
void cdma_run_weak(struct cdma_run *run, bool on);

/* What came of all that was asked for; the numbers are exit statuses. */
enum cdma_run_verdict {
	CDMA_RUN_OK = 0,      /* as is expected: nothing, where nobody says
				 what */
	CDMA_RUN_DIFFERS = 1, /* something else was found, or not found */
	CDMA_RUN_MISTAKE = 2, /* it cannot be run: see cdma_run_report() */
	CDMA_RUN_OPEN = 3,    /* a bound was reached, or nothing happened */
};

/*
 * Run schedules number 0 to @nr - 1 of @seed.
 *
 * @strategy: "random", "pct", "pct:3", "mixed", ...; NULL: mixed.
 *
 * The same arguments give the same runs, on any machine.
 */
enum cdma_run_verdict cdma_run_schedules(struct cdma_run *run,
					 const char *strategy, uint64_t seed,
					 uint64_t nr);

/* Run every schedule that can be told apart from the others, each once; @max:
 * give up after so many, 0: never. */
enum cdma_run_verdict cdma_run_explore(struct cdma_run *run, uint64_t max);

/* Run @schedule, as cdma_run_schedule() and the replay: line of a report have
 * it.  One of another model, or of other code, is a mistake. */
enum cdma_run_verdict cdma_run_replay(struct cdma_run *run,
				      const char *schedule);

/*
 * Run it @nr times on real threads: one for each actor, in whatever order the
 * host has them.  Findings are shown, and told, in the schedule that
 * happened.
 */
enum cdma_run_verdict cdma_run_threads(struct cdma_run *run, uint64_t nr);

/* ---- what came of it ---- */

/* All of it is about the last call that ran something, and borrowed until the
 * next one. */

/* What cdmasim would print: each finding, a line for the whole, and what never
 * happened; or what is wrong with the model. */
const char *cdma_run_report(const struct cdma_run *run);

/* The distinct findings, in the order in which they were first seen; also those
 * that are expected. */
size_t cdma_run_nr_findings(const struct cdma_run *run);
/* @i: from 0, less than that. */
const struct cdma_finding *cdma_run_finding(const struct cdma_run *run,
					    size_t i);
/* The same in words: who did what where, with lines of the source, why that is
 * wrong, and what to do. */
const char *cdma_run_finding_text(const struct cdma_run *run, size_t i);
/* A schedule that shows it, the simplest that was found, in one line. */
const char *cdma_run_schedule(const struct cdma_run *run, size_t i);

/*
 * Run the schedule of finding @i once more, and log all that happens: into the
 * new directory @dir, as a trace that `cdmasim show' and babeltrace2 read; or
 * as text, a column for each thread, to @out.
 *
 * @i: where nothing was found, 0 is the first schedule that was run; after
 *     cdma_run_explore() and cdma_run_threads() there is none then: -ENOENT.
 *
 * Errors: -errno  it could not be written, or not all of it: EEXIST, ENOSPC.
 */
int cdma_run_log(struct cdma_run *run, size_t i, const char *dir);
int cdma_run_log_text(struct cdma_run *run, size_t i, FILE *out);

/* ---- all of it ---- */

/*
 * Do what the words of a command line say, and print what came of it:
 *
 *	./nic [run] [--threads] [--schedules=N] [--seed=S] [--strategy=NAME]
 *	./nic explore [--executions=N]
 *	./nic replay --schedule=TEXT
 *
 * and with each of them -D NAME=VALUE, --fail=RULE, --machine=NAME,
 * --memory=weak, --variant=NAME, and --log=DIR, which makes a trace of each
 * finding in DIR.  `./nic --help' says so, too.
 *
 * @argv: borrowed until cdma_run_free().
 *
 * Returns: an exit status: that of cdma_run_verdict, 2 also for wrong usage, or
 * 4 when something cannot be written.
 */
int cdma_run_main(struct cdma_run *run, int argc, char **argv);

#endif /* CDMA_RUN_H */
