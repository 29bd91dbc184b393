/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/macros.h"
#include "litmus/litmus.h"
#include "litmus/scenario.h"

#include <stdlib.h>
#include <string.h>

#define HEAD "C t\n{}\nP0(int *x, int *y, spinlock_t *s) {\nint r0;\n"
#define DEV  "C t\n{}\ndevice P0(int *x, int __iomem *d) {\n"
#define TAIL "\n}\nexists (0:r0=1)\n"

/* What is wrong, and what is said of it. */
static const struct {
	const char *text, *want;
} wrong[] = {
	{"", "1:1: error: a litmus test begins with 'C' and its name"},
	{"X86 t\n{}", "1:1: error: a litmus test begins with 'C' and its name"},
	{"C t\n{ x = }", "2:7: error: expected a number or a location"},
	{"C t\n(* x", "2:1: error: comment is not closed"},
	{"C t\n{}\nexists (x=1)", "3:1: error: expected a function 'P0'"},
	{"C t\n{}\nP1() {}", "3:1: error: expected 'P0'"},
	{"C t\n{}\nP0(int x) {}",
	 "3:4: error: a parameter is a pointer to a location"},
	{HEAD "call_rcu(x, f);" TAIL,
	 "5:1: error: 'call_rcu' is refused: callbacks are not in the "
	 "language"},
	{HEAD "r0 = set_bit(1, x);" TAIL, "5:6: error: unknown call 'set_bit'"},
	{HEAD "r0 = atomic_inc_mostly(x);" TAIL,
	 "5:6: error: unknown call 'atomic_inc_mostly'"},
	{HEAD "r0 = atomic_inc_acquire(x);" TAIL,
	 "5:6: error: unknown call 'atomic_inc_acquire'"},
	{HEAD "dma_rmb();" TAIL,
	 "5:1: error: LKMM has no such barrier, and there is no device"},
	{HEAD "r0 = dma_read(*x);" TAIL,
	 "5:6: error: this is a call for memory that a device has, and there "
	 "is no device"},
	{HEAD "raise();" TAIL, "5:1: error: 'raise' is for devices"},
	{HEAD "writel(1, x);" TAIL,
	 "5:11: error: 'x' is not a parameter of type int __iomem *"},
	{HEAD "dma_write_relaxed(*x, 1);" TAIL,
	 "5:1: error: 'dma_write_relaxed' is for devices"},
	{"C t\n{}\nP0(int __iomem *d) { writel(1, d); }\nexists (true)",
	 "3:17: error: a register is one of a device, and there is none"},
	{"C t\n{}\nmsi P0(int *x) { int r0; }\nexists (0:r0=1)",
	 "3:1: error: a handler is that of a device, and there is none"},
	{DEV "smp_mb();" TAIL,
	 "4:1: error: 'smp_mb' is for CPUs, and this is a device"},
	{DEV "atomic_inc(x);" TAIL,
	 "4:1: error: 'atomic_inc' is for CPUs, and this is a device"},
	{DEV "r0 = xchg(x, 1);" TAIL,
	 "4:6: error: 'xchg' is for CPUs, and this is a device"},
	{DEV "r0 = smp_load_acquire(x);" TAIL,
	 "4:6: error: 'smp_load_acquire' is for CPUs, and this is a device"},
	{DEV "smp_store_release(x, 1);" TAIL,
	 "4:1: error: 'smp_store_release' is for CPUs, and this is a device"},
	{DEV "r0 = readl(d);" TAIL,
	 "4:6: error: 'readl' is for CPUs: a device has READ_ONCE() and "
	 "WRITE_ONCE() for its registers"},
	{DEV "writel(1, d);" TAIL,
	 "4:1: error: 'writel' is for CPUs: a device has READ_ONCE() and "
	 "WRITE_ONCE() for its registers"},
	{DEV "raise(); raise();" TAIL, "4:10: error: there is another 'raise'"},
	{DEV "r0 = *x;" TAIL,
	 "4:6: error: a plain access to memory that a device has is not in "
	 "the language"},
	{DEV "} P1(int *x) { *x = 1;" TAIL,
	 "4:16: error: a plain access to memory that a device has is not in "
	 "the language"},
	{DEV "} P1(int __iomem *d) { r0 = READ_ONCE(*d);" TAIL,
	 "4:40: error: 'd' is a register: a CPU has readl() and writel() for "
	 "it"},
	{DEV "} P1(int *d) {" TAIL,
	 "4:11: error: 'd' is a register in one function and memory in "
	 "another"},
	{DEV "} msi P1(int *x) {} intx P2(int *x) {" TAIL,
	 "4:21: error: there is another handler"},
	{DEV "}\nexists (d=1)", "5:9: error: 'd' is a register, which has no "
				"last value"},
	{"C t\n{ d = 1; }\ndevice P0(int __iomem *d) { int r0; }\n"
	 "exists (0:r0=1)",
	 "3:24: error: the register 'd' begins as 0"},
	{HEAD "while (r0) ;" TAIL,
	 "5:1: error: 'while' is refused: a litmus test has no loops"},
	{HEAD "do_it();" TAIL, "5:1: error: unknown call 'do_it'"},
	{HEAD "x = 1;" TAIL, "5:1: error: 'x' is a parameter: write *x"},
	{HEAD "r0 = READ_ONCE(x);" TAIL, "5:16: error: expected '*'"},
	{HEAD "r0 = READ_ONCE(*s);" TAIL, "5:17: error: 's' is a lock"},
	{HEAD "r0 = 1" TAIL, "6:1: error: expected ';'"},
	{HEAD "int r0;" TAIL,
	 "5:5: error: there is another 'r0' in this function"},
	{HEAD "}", "5:2: error: expected 'exists', '~exists' or 'forall'"},
	{HEAD "} exists (0:r9=1)", "5:11: error: P0 has no register 'r9'"},
	{HEAD "} exists (z=1)", "5:11: error: no location is called 'z'"},
	{HEAD "} exists (x=w)", "5:13: error: no location is called 'w'"},
};

START_TEST(mistake_is_named)
{
	const char *text = wrong[_i].text;
	struct diag *diag = diag_new(false);
	struct litmus *test =
		litmus_parse("t.litmus", text, strlen(text), diag);
	struct cdma_text out = {0};

	ck_assert_ptr_null(test);
	ck_assert_uint_eq(diag_nr_errors(diag), 1);
	diag_print(diag, &out);
	cdma_text_cut(&out, strcspn(cdma_text_str(&out), "\n"));
	ck_assert_str_eq(cdma_text_str(&out) + strlen("t.litmus:"),
			 wrong[_i].want);
	cdma_text_fini(&out);
	diag_free(diag);
}
END_TEST

static struct litmus *parsed(const char *text)
{
	struct diag *diag = diag_new(false);
	struct litmus *test =
		litmus_parse("t.litmus", text, strlen(text), diag);

	ck_assert_uint_eq(diag_nr_errors(diag), 0);
	diag_free(diag);
	return test;
}

/* A statement, and what it becomes. */
static const struct {
	const char *text, *want;
} code[] = {
	{"WRITE_ONCE(*x, 1);", "WRITE_ONCE(mem[0], 1);\n"},
	{"smp_store_release(y, r0);", "smp_store_release(mem[2], r_r0);\n"},
	{"smp_store_mb(*x, 1);", "WRITE_ONCE(mem[0], 1);\nsmp_mb();\n"},
	{"rcu_assign_pointer(*x, y);", "smp_store_release(mem[0], 65538);\n"},
	{"r0 = READ_ONCE(*x) + 1;", "r_r0 = (READ_ONCE(mem[0]) + 1);\n"},
	{"r0 = smp_load_acquire(y);", "r_r0 = smp_load_acquire(mem[2]);\n"},
	{"r0 = READ_ONCE(*(int *)r0);",
	 "r_r0 = READ_ONCE(mem[r_r0 - 65536]);\n"},
	{"r0 = 1 + 2 * r0 == 3;", "r_r0 = ((1 + (2 * r_r0)) == 3);\n"},
	{"r0 = 1 - 2 - 3;", "r_r0 = ((1 - 2) - 3);\n"},
	{"*x = *y;", "mem[0] = (mem[2]);\n"},
	{"if (r0) smp_mb(); else smp_wmb();",
	 "if (r_r0) {\nsmp_mb();\n} else {\nsmp_wmb();\n}\n"},
	{"r0 = xchg(x, y);", "r_r0 = xchg(mem[0], 65538);\n"},
	{"r0 = cmpxchg_acquire(x, 1, r0);",
	 "r_r0 = cmpxchg_acquire(mem[0], 1, r_r0);\n"},
	{"atomic_add(2, x);", "atomic_add(2, mem[0]);\n"},
	{"(void)atomic_fetch_inc_release(x);",
	 "atomic_fetch_add_release(1, mem[0]);\n"},
	{"r0 = atomic_read(x) + 1;", "r_r0 = (READ_ONCE(mem[0]) + 1);\n"},
	{"atomic_set_release(x, 1);", "smp_store_release(mem[0], 1);\n"},
	{"smp_mb__before_atomic(); atomic_inc(x);",
	 "smp_mb();\natomic_add(1, mem[0]);\n"},
	{"atomic_inc(x); smp_mb__after_atomic();",
	 "atomic_add(1, mem[0]);\nsmp_mb();\n"},
	{"rcu_read_lock(); rcu_read_lock(); rcu_read_unlock(); "
	 "rcu_read_unlock(); synchronize_rcu_expedited();",
	 "rcu_read_lock();\nrcu_read_unlock();\nsynchronize_rcu();\n"},
	{"spin_lock(s); spin_unlock(s);",
	 "spin_lock(lock_2);\nspin_unlock(lock_2);\n"},
};

START_TEST(code_is_translated)
{
	struct cdma_text text = {0}, want = {0}, out = {0};
	struct litmus *test;

	cdma_text_addf(&text, HEAD "%s" TAIL, code[_i].text);
	cdma_text_addf(&want, "s32 r_r0 = 0;\n%sWRITE_ONCE(fin[0], r_r0);\n}\n",
		       code[_i].want);
	test = parsed(cdma_text_str(&text));
	ck_assert_ptr_null(litmus_scenario(&out, test, "weak"));
	ck_assert_str_eq(strstr(cdma_text_str(&out), "s32 r_r0"),
			 cdma_text_str(&want));
	cdma_text_fini(&out);
	litmus_free(test);
	cdma_text_fini(&text);
	cdma_text_fini(&want);
}
END_TEST

/* A whole test with a device, and the parts of what it becomes. */
static const struct {
	const char *text, *want;
} devices[] = {
	{"device P0(int *x) { dma_write(*x, 1); dma_write_relaxed(*x, 2); }",
	 "thread P0 on dev {\npoll (dev.go) max 1000 else return;\n"
	 "mem[0] = 1;\nrelaxed mem[0] = 2;\n}\n"},
	{"device P0(int *x, int __iomem *d) { int r0 = READ_ONCE(*d);"
	 "WRITE_ONCE(*d, dma_read(*x)); }",
	 "r_r0 = (dev.reg_1);\ndev.reg_1 = (mem[0]);\ntold[0] = r_r0;\n"},
	{"P0(int *x, int __iomem *d) { int r0; writel(1, d); dma_wmb();"
	 "r0 = readl_relaxed(d); dma_write(*x, 1); } device P1(int *x) {}",
	 "writel(1, dev.reg_1);\ndma_wmb();\n"
	 "r_r0 = readl_relaxed(dev.reg_1);\nWRITE_ONCE(mem[0], 1);\n"
	 "WRITE_ONCE(fin[0], r_r0);\n"},
	{"device P0(int __iomem *d) { raise(); } intx P1(int *x) {}",
	 "device dev {\nregs { u32 go; u32 reg_0; }\nirq line: intx;\n};\n"},
	{"device P0(int __iomem *d) { raise(); } msi P1(int *x) {}",
	 "irq line: msi;\n};\n"},
	{"device P0(int *x) { raise(); } msi P1(int *x) {}",
	 "raise(dev.line);\n}\nirq P1 on dev.line {\n}\n"},
};

START_TEST(device_is_translated)
{
	struct cdma_text text = {0}, out = {0};
	struct litmus *test;

	cdma_text_addf(&text, "C t\n{}\n%s\nexists (true)\n", devices[_i].text);
	test = parsed(cdma_text_str(&text));
	ck_assert_ptr_null(litmus_scenario(&out, test, "weak"));
	ck_assert_msg(strstr(cdma_text_str(&out), devices[_i].want) != NULL,
		      "%s", cdma_text_str(&out));
	litmus_free(test);
	cdma_text_fini(&text);
	cdma_text_fini(&out);
}
END_TEST

/* A condition, and how it is shown. */
static const struct {
	const char *text, *want;
} conditions[] = {
	{"exists (0:r0=1)", "exists (0:r0=1)"},
	{"~exists 0:r0=-1", "~exists (0:r0=-1)"},
	{"forall (x=1 /\\ (y=2 \\/ 0:r0=x))",
	 "forall ([x]=1 /\\ ([y]=2 \\/ 0:r0=x))"},
	{"exists (~(x=1) /\\ *y!=0)", "exists (not ([x]=1) /\\ [y]!=0)"},
	{"exists (x=1 /\\ y=1 /\\ 0:r0=1)",
	 "exists ([x]=1 /\\ [y]=1 /\\ 0:r0=1)"},
	{"exists (true)", "exists (true)"},
};

START_TEST(condition_is_shown)
{
	struct cdma_text text = {0}, out = {0};
	struct litmus *test;

	cdma_text_addf(&text, HEAD "}\n%s\n", conditions[_i].text);
	test = parsed(cdma_text_str(&text));
	litmus_add_condition(&out, test);
	ck_assert_str_eq(cdma_text_str(&out), conditions[_i].want);
	litmus_free(test);
	cdma_text_fini(&text);
	cdma_text_fini(&out);
}
END_TEST

START_TEST(title_result_and_first_values)
{
	struct cdma_text out = {0};
	struct litmus *test =
		parsed("C 2+2W+a.b-c\n(* (* Result: Never *) *)\n"
		       "{ x=1; int y; int *p=&y; }\n"
		       "P0(int *x) { } /* no registers */\n"
		       "locations [x; p]\nfilter (x=1)\nexists (p=y) // end\n");

	ck_assert_str_eq(test->name, "2+2W+a.b-c");
	ck_assert_str_eq(test->result, "Never");
	ck_assert_ptr_null(litmus_scenario(&out, test, "weak"));
	ck_assert_ptr_nonnull(
		strstr(cdma_text_str(&out),
		       "setup {\nmem[0] = 1;\nmem[4] = 65538;\n}\n"));
	ck_assert_ptr_nonnull(test->filter);
	ck_assert_uint_eq(test->shown.nr, 2);
	litmus_free(test);
	cdma_text_fini(&out);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("litmus");

	unit_add_rows(suite, mistake_is_named, ARRAY_SIZE(wrong));
	unit_add_rows(suite, code_is_translated, ARRAY_SIZE(code));
	unit_add_rows(suite, device_is_translated, ARRAY_SIZE(devices));
	unit_add_rows(suite, condition_is_shown, ARRAY_SIZE(conditions));
	unit_add(suite, title_result_and_first_values);
	return suite;
}
