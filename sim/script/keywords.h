/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_KEYWORDS_H
#define SCRIPT_KEYWORDS_H

/*
 * Keywords: the words that mean something where the grammar has them, and
 * are ordinary names everywhere else.
 *
 * A script interns them first, in this order, and the scalar types after
 * them: so the id of a name is its keyword.
 */

#include "script/type.h"

#define KEYWORDS(X)                                                            \
	X(SCENARIO, "scenario")                                                \
	X(SOURCE, "source")                                                    \
	X(INCLUDE, "include")                                                  \
	X(PARAM, "param")                                                      \
	X(CONST, "const")                                                      \
	X(STRUCT, "struct")                                                    \
	X(DEVICE, "device")                                                    \
	X(SHARED, "shared")                                                    \
	X(SPINLOCK, "spinlock")                                                \
	X(MUTEX, "mutex")                                                      \
	X(COMPLETION, "completion")                                            \
	X(WAITQUEUE, "waitqueue")                                              \
	X(NATIVE, "native")                                                    \
	X(DRIVER, "driver")                                                    \
	X(PATCH, "patch")                                                      \
	X(FN, "fn")                                                            \
	X(SETUP, "setup")                                                      \
	X(TEARDOWN, "teardown")                                                \
	X(FINAL, "final")                                                      \
	X(THREAD, "thread")                                                    \
	X(IRQ, "irq")                                                          \
	X(IRQ_THREAD, "irq_thread")                                            \
	X(TIMER, "timer")                                                      \
	X(WORK, "work")                                                        \
	X(TASKLET, "tasklet")                                                  \
	X(NAPI, "napi")                                                        \
	X(REVOCABLE, "revocable")                                              \
	X(DEVRES, "devres")                                                    \
	X(DRVDATA, "drvdata")                                                  \
	X(MEMORY, "memory")                                                    \
	X(CONTRACT, "contract")                                                \
	X(TIMEOUTS, "timeouts")                                                \
	X(MACHINE, "machine")                                                  \
	X(EXPECT, "expect")                                                    \
	X(FAIL, "fail")                                                        \
	X(FAULT, "fault")                                                      \
	X(VARIANT, "variant") /* the last that starts an item */               \
	X(PCI, "pci")                                                          \
	X(REV, "rev")                                                          \
	X(DEFINE, "define")                                                    \
	X(LINK, "link")                                                        \
	X(BEFORE, "before")                                                    \
	X(REPLACE, "replace")                                                  \
	X(REMOVE, "remove")                                                    \
	X(PACKED, "packed")                                                    \
	X(REGS, "regs")                                                        \
	X(MSI, "msi")                                                          \
	X(INTX, "intx")                                                        \
	X(LEVEL, "level")                                                      \
	X(W1C, "w1c")                                                          \
	X(W1S, "w1s")                                                          \
	X(RC, "rc")                                                            \
	X(ON, "on")                                                            \
	X(WRITE, "write")                                                      \
	X(READ, "read")                                                        \
	X(CPU, "cpu")                                                          \
	X(CORE, "core")                                                        \
	X(STRONG, "strong")                                                    \
	X(WEAK, "weak")                                                        \
	X(C, "c")                                                              \
	X(RUST, "rust")                                                        \
	X(EARLY, "early")                                                      \
	X(LATE, "late")                                                        \
	X(NOTHING, "nothing")                                                  \
	X(ALWAYS, "always")                                                    \
	X(NEVER, "never")                                                      \
	X(OF, "of")                                                            \
	X(AT, "at")                                                            \
	X(AGAINST, "against")                                                  \
	X(AFTER, "after")                                                      \
	X(UNREACHED, "unreached")                                              \
	X(THEN, "then")                                                        \
	X(ANYTHING, "anything")                                                \
	X(EXPLORE, "explore")                                                  \
	X(UNDER, "under")                                                      \
	X(FAULTS, "faults")                                                    \
	X(EACH, "each")                                                        \
	X(PAIRS, "pairs")                                                      \
	X(EVERY, "every")                                                      \
	X(NONE, "none")                                                        \
	X(MAY, "may")                                                          \
	X(BYTE, "byte")                                                        \
	X(BIT, "bit")                                                          \
	X(FIELD, "field")                                                      \
	X(WITH, "with")                                                        \
	X(BOX, "box")                                                          \
	X(COHERENT, "coherent")                                                \
	X(HANDLE, "handle")                                                    \
	X(VIEW, "view")                                                        \
	X(WINDOW, "window")                                                    \
	X(BUFFER, "buffer")                                                    \
	X(POOL, "pool")                                                        \
	X(SCATTERLIST, "scatterlist")                                          \
	X(RELAXED, "relaxed")                                                  \
	X(UNORDERED, "unordered")                                              \
	X(SPLIT, "split")                                                      \
	X(STATIC, "static")                                                    \
	X(ENUM, "enum")                                                        \
	X(UNION, "union")                                                      \
	X(IF, "if")                                                            \
	X(ELSE, "else")                                                        \
	X(FOR, "for")                                                          \
	X(IN, "in")                                                            \
	X(MAX, "max")                                                          \
	X(POLL, "poll")                                                        \
	X(WHILE, "while")                                                      \
	X(DO, "do")                                                            \
	X(SWITCH, "switch")                                                    \
	X(CASE, "case")                                                        \
	X(DEFAULT, "default")                                                  \
	X(FALLTHROUGH, "fallthrough")                                          \
	X(GOTO, "goto")                                                        \
	X(BREAK, "break")                                                      \
	X(CONTINUE, "continue")                                                \
	X(RETURN, "return")                                                    \
	X(SIZEOF, "sizeof")                                                    \
	X(OFFSETOF, "offsetof")

enum keyword {
#define X(name, text) KW_##name,
	KEYWORDS(X)
#undef X
		KW_NR,
};

/* "scenario" */
const char *keyword_text(enum keyword keyword);

/* The scalar type that the name with that id is, or SCALAR_NONE. */
static inline enum scalar keyword_scalar(uint32_t id)
{
	return id >= KW_NR && id - KW_NR < SCALAR_STRUCT - 1
		       ? (enum scalar)(id - KW_NR + 1)
		       : SCALAR_NONE;
}

#endif /* SCRIPT_KEYWORDS_H */
