/* SPDX-License-Identifier: MIT */
/*
 * What each construct does when it runs: accesses, registers, barriers,
 * dependencies, locks, polls and interrupts.  scene.h says how to read a row.
 */
#include "scene.h"

static const struct {
	const char *name, *text;
} rows[] = {
	/* ---- accesses of a CPU give back what was written ---- */
	{"READ_ONCE",
	 RING CPU("WRITE_ONCE(c[1].len, 0x1_0000_0005);\n"
		  "assert(READ_ONCE(c[1].len) == 5);\n"
		  "assert(READ_ONCE(c[0].len) == 0);\n" HERE) ONLY_HERE},
	{"dma_read",
	 RING CPU("dma_write(c[1].port, 0x1234);\n"
		  "assert(dma_read(c[1].port) == 0x1234);\n"
		  "assert(READ_ONCE(c[1].pad[0]) == 0);\n" HERE) ONLY_HERE},
	{"big-endian bytes",
	 RING CPU("dma_write(c[0].port, 0x1234);\n"
		  "u8 raw[16]; copy_to_slice(c[0], raw);\n"
		  "assert(raw[8] == 0x12 && raw[9] == 0x34);\n" HERE)
		 ONLY_HERE},
	{"read_val",
	 RING CPU("write_val(c[2].status, 7);\n"
		  "assert(read_val(c[2].status) == 7);\n" HERE) ONLY_HERE},
	{"copy_read",
	 RING CPU("struct desc v = {.len = 0}; v.len = 3; v.port = 0x506;\n"
		  "copy_write(c[1], v);\n"
		  "struct desc w = copy_read(c[1]);\n"
		  "assert(w.len == 3 && w.port == 0x506 && !w.status);\n"
		  "struct desc u; u = dma_read(c[1]);\n"
		  "assert(u.port == 0x506);\n" HERE) ONLY_HERE},
	{"copy_from_slice",
	 RING CPU("u8 b[16] = {0}; b[4] = 9; copy_from_slice(c[3], b);\n"
		  "assert(READ_ONCE(c[3].status) == 9);\n" HERE) ONLY_HERE},
	{"memset",
	 RING CPU("memset(c[1..3], 0xff);\n"
		  "assert(READ_ONCE(c[1].len) == 0xffff_ffff);\n"
		  "assert(READ_ONCE(c[2].pad[5]) == 0xff);\n"
		  "assert(READ_ONCE(c[3].len) == 0);\n"
		  "assert(READ_ONCE(c[0].pad[5]) == 0);\n" HERE) ONLY_HERE},
	{"memcpy",
	 RING CPU("WRITE_ONCE(c[0].status, 6);\n"
		  "memcpy(c[1], c[0]);\n"
		  "assert(READ_ONCE(c[1].status) == 6);\n" HERE) ONLY_HERE},
	{"acquire, release",
	 RING CPU("smp_store_release(c[0].len, 4);\n"
		  "assert(smp_load_acquire(c[0].len) == 4);\n" HERE) ONLY_HERE},
	{"box", BOX "c[1].len = 5; c[1].len += 2; c[2].port = 0x102;\n"
		    "assert(c[1].len == 7 && c[2].port == 0x102);\n"
		    "struct desc v = c[1]; assert(v.len == 7);\n"
		    "v.len = 8; c[3] = v; assert(c[3].len == 8);\n"
		    "memset(c[3], 0); assert(c[3].len == 0);\n"
		    "memcpy(c[3], c[1]); assert(READ_ONCE(c[3].len) == 7);\n"
		    "free(c);\n" HERE "}\n" ONLY_HERE},
	{"shared struct", HEAD
	 "shared struct desc s[2];\n"
	 "setup { s[1].len = 5; struct desc v = s[1];\n"
	 "assert(v.len == 5 && s[0].len == 0);\n"
	 "memcpy(s[0], s[1]); assert(s[0].len == 5);\n" HERE "}\n" ONLY_HERE},

	/* ---- accesses of a device ---- */
	{"device access",
	 RING DEV("c[1].len = 5; c[1].port = 0x102; c[1].len++;\n"
		  "assert(c[1].len == 6 && c[1].port == 0x102);\n"
		  "memset(c[2], 1); assert(c[2].len == 0x0101_0101);\n"
		  "memcpy(c[3], c[1]); assert(c[3].len == 6);\n"
		  "u8 b[16]; memcpy(b, c[1]); assert(b[0] == 6);\n" HERE)
		 ONLY_HERE},
	{"raw address",
	 RING DEV("dma_addr_t at = dma_handle(c[1].status);\n"
		  "*(le32 *)at = 9;\n"
		  "assert(c[1].status == 9);\n"
		  "assert(((desc *)(at - 4))->status == 9);\n"
		  "assert(dma_handle(c[1]) - dma_handle(c) == 16);\n" HERE)
		 ONLY_HERE},
	{"address out of range",
	 RING DEV(
		 "at: c[4].len = 1;\n") "expect always out_of_bounds at at;\n"},
	{"address in the next field",
	 RING DEV("c[0].pad[6] = 1;\nassert(c[1].len == 1);\n" HERE) ONLY_HERE},
	{"split halves",
	 RING DEV("split *(le64 *)dma_handle(c[0]) = "
		  "0x0000_0002_0000_0001;\n")
		 CPU("if (READ_ONCE(c[0].len) == 0)\n"
		     "low: assert(READ_ONCE(c[0].status) == 0);\n")
			 CPU2("if (READ_ONCE(c[0].status) == 0)\n"
			      "high: assert(READ_ONCE(c[0].len) == "
			      "0);\n") "expect assertion at low; "
				       "expect assertion at high;\n"},
	{"relaxed store overtakes",
	 RING DEV("w: c[0].len = 1; relaxed c[0].status = 1;\n")
		 CPU("poll (READ_ONCE(c[0].status)) max 9; dma_rmb();\n"
		     "r: u32 v = READ_ONCE(c[0].len);\n") "expect device_order "
							  "at r against w;\n"},
	{"relaxed store is not overtaken",
	 RING DEV("w: relaxed c[0].len = 1; c[0].status = 1;\n")
		 CPU("poll (READ_ONCE(c[0].status)) max 9; dma_rmb();\n"
		     "r: u32 v = READ_ONCE(c[0].len);\n") NOTHING},
	{"unordered store is",
	 RING DEV("w: unordered c[0].len = 1; c[0].status = 1;\n")
		 CPU("poll (READ_ONCE(c[0].status)) max 9; dma_rmb();\n"
		     "r: u32 v = READ_ONCE(c[0].len);\n") "expect device_order "
							  "at r against w;\n"},
	{"ordered store",
	 RING DEV("c[0].len = 1; c[0].status = 1;\n")
		 CPU("poll (READ_ONCE(c[0].status)) max 9; dma_rmb();\n"
		     "u32 v = READ_ONCE(c[0].len); assert(v == 1);\n") NOTHING},

	/* ---- registers ---- */
	{"registers",
	 HEAD CPU("writel(0x1234_5678, d.r);\n"
		  "assert(readl(d.r) == 0x1234_5678);\n"
		  "assert(readw(d.r) == 0x5678);\n"
		  "assert(readb(d.r) == 0x78);\n"
		  "writeq(0x1_0000_0002, d.q);\n"
		  "assert(readq(d.q) == 0x1_0000_0002);\n"
		  "writel(7, d.arr[x + 2]);\n"
		  "assert(readl_relaxed(d.arr[2]) == 7);\n"
		  "assert(readl(d.arr[1]) == 0);\n" HERE) ONLY_HERE},
	{"device's registers",
	 HEAD DEV("poll (d.r) max 9; assert(d.r == 3); d.b = 0x102;\n"
		  "assert(d.b == 0x102); d.arr[d.r] = 5;\n" HERE)
		 CPU("writel(3, d.r);\n") "final { assert(d.arr[3] == 5); "
					  "}\n" ONLY_HERE},
	{"try_readl",
	 HEAD CPU("assert(try_writel(d, 5, 0) == 0);\n"
		  "assert(try_readl(d, 0) == 5);\n"
		  "assert(try_readl(d, 0x1000) == -EINVAL);\n"
		  "assert(try_writel(d, 1, 2) == -EINVAL);\n" HERE) ONLY_HERE},
	{"try_readl?",
	 HEAD CPU("u32 v = try_readl(d, 0)?; x = 1;\n"
		  "v = try_readl(d, 0x1000)?; x = 2;\n") "final { assert(x == "
							 "1);\n" HERE
							 "}\n" ONLY_HERE},
	{"memcpy_toio", HEAD CPU("u8 b[8]; b[4] = 5; u8 v[8];\n"
				 "memcpy_toio(d.arr[0], b);\n"
				 "assert(readl(d.arr[1]) == 5);\n"
				 "memcpy_fromio(v, d.arr[0]);\n"
				 "assert(v[4] == 5);\n" HERE) ONLY_HERE},
	{"doorbell",
	 RING CPU("WRITE_ONCE(c[0].len, 5); writel(1, d.r);\n")
		 DEV("poll (d.r) max 9; assert(c[0].len == 5);\n") NOTHING},
	{"relaxed doorbell",
	 RING CPU("w: WRITE_ONCE(c[0].len, 5); "
		  "writel_relaxed(1, d.r);\n")
		 DEV("poll (d.r) max 9;\nr: u32 v = "
		     "c[0].len;\n") "expect unordered_publish "
				    "at r against w;\n"},

/* ---- barriers ---- */
#define MP(barrier)                                                            \
	RING DEV("w: c[0].len = 1; c[0].status = 1;\n")                        \
		CPU("poll (READ_ONCE(c[0].status)) max 9; " barrier            \
		    "\nr: u32 v = READ_ONCE(c[0].len);\n")
#define LATE "expect unordered_read at r against w;\n"
	{"no barrier", MP("") LATE},
	{"barrier()", MP("barrier();") LATE},
	{"smp_rmb", MP("smp_rmb();") LATE},
	{"dma_wmb", MP("dma_wmb();") LATE},
	{"smp_mb(Read)", MP("smp_mb(Read);") LATE},
	{"dma_mb(Write)", MP("dma_mb(Write);") LATE},
	{"dma_rmb", MP("dma_rmb();") NOTHING},
	{"rmb", MP("rmb();") NOTHING},
	{"mb", MP("mb();") NOTHING},
	{"dma_mb", MP("dma_mb();") NOTHING},
	{"dma_mb(Read)", MP("dma_mb(Read);") NOTHING},
	{"dma_mb(Full)", MP("dma_mb(Full);") NOTHING},
#define PUBLISH(barrier)                                                       \
	RING CPU("w: WRITE_ONCE(c[0].len, 1); " barrier                        \
		 " WRITE_ONCE(c[0].status, 1);\n")                             \
		DEV("poll (c[0].status) max 9;\nr: u32 v = c[0].len;\n")
#define EARLY "expect unordered_publish at r against w;\n"
	{"no wmb", PUBLISH("") EARLY},
	{"publish smp_wmb", PUBLISH("smp_wmb();") EARLY},
	{"publish dma_rmb", PUBLISH("dma_rmb();") EARLY},
	{"publish dma_wmb", PUBLISH("dma_wmb();") NOTHING},
	{"publish wmb", PUBLISH("wmb();") NOTHING},
	{"publish dma_mb(Write)", PUBLISH("dma_mb(Write);") NOTHING},

	/* ---- dependencies, through locals ---- */
	{"address dependency",
	 RING DEV("c[2].len = 5; c[0].status = 2;\n")
		 CPU("u32 i = READ_ONCE(c[0].status); u32 j = i + 0;\n"
		     "u32 v = READ_ONCE(c[j & 3].len);\n") NOTHING},
	{"no address dependency",
	 RING DEV("w: c[2].len = 5; c[0].status = 2;\n")
		 CPU("u32 i = READ_ONCE(c[0].status);\n"
		     "r: u32 v = READ_ONCE(c[2].len);\n") LATE},
	{"address dependency by a view",
	 RING DEV("c[2].len = 5; c[0].status = 2;\n")
		 CPU("u32 i = READ_ONCE(c[0].status); view v = c[i];\n"
		     "u32 n = READ_ONCE(v.len);\n") NOTHING},
	{"address dependency by a struct",
	 RING DEV("c[2].len = 5; c[0].status = 2;\n")
		 CPU("struct desc s; s.len = READ_ONCE(c[0].status);\n"
		     "struct desc u = s; u32 v = READ_ONCE(c[u.len].len);\n")
			 NOTHING},
	{"data dependency",
	 RING DEV("w: c[0].len = 1; c[0].status = 1;\n"
		  "poll (c[1].status) max 9;\n"
		  "c[0].len = 2;\n") CPU("u32 v = READ_ONCE(c[0].len);\n"
					 "WRITE_ONCE(c[1].status, v | 1);\n")
		 NOTHING},
	{"no data dependency",
	 RING DEV("c[0].len = 1; c[0].status = 1;\n"
		  "poll (c[1].status) max 9;\n"
		  "g: c[0].len = 2;\n")
		 CPU("v: u32 v = READ_ONCE(c[0].len);\n"
		     "WRITE_ONCE(c[1].status, 1);\n") "expect "
						      "unordered_giveback at g "
						      "against v;\n"},
	{"control dependency",
	 RING DEV("c[0].len = 1; c[0].status = 1;\n")
		 CPU("if (READ_ONCE(c[0].status)) WRITE_ONCE(c[0].len, 2);\n")
			 NOTHING},
	{"no control dependency",
	 RING DEV("w: c[0].len = 1; c[0].status = 1;\n")
		 CPU("u32 v = READ_ONCE(c[0].status);\n"
		     "r: WRITE_ONCE(c[0].len, 2);\n") "expect unordered_write "
						      "at r against w;\n"},
	{"control dependency of &&",
	 RING DEV("c[0].len = 1; c[0].status = 1;\n") CPU(
		 "if (READ_ONCE(c[0].status) && READ_ONCE(c[1].status) == 0)\n"
		 "WRITE_ONCE(c[0].len, 2);\n") NOTHING},

	/* ---- CPU against CPU ---- */
	{"race",
	 HEAD CPU("w: x = 1;\n")
		 CPU2("r: u32 v = x;\n") "expect data_race at r against w; "
					 "expect data_race at w against r;\n"},
	{"data_race()",
	 HEAD CPU("w: x = 1;\n") CPU2("u32 v = data_race(x);\n") NOTHING},
	{"lock",
	 HEAD CPU("spin_lock(l); x++; spin_unlock(l);\n") CPU2(
		 "spin_lock(l); x++; spin_unlock(l);\n") "final { assert(x == "
							 "2);\n" HERE
							 "}\n" ONLY_HERE},
	{"lost update", HEAD CPU("u32 v = data_race(x);\n"
				 "WRITE_ONCE(x, v + 1);\n")
				CPU2("u32 v = data_race(x);\nWRITE_ONCE(x, v + "
				     "1);\n") "final { bad: assert(x == 2); "
					      "}\nexpect assertion at bad;\n"},
	{"completion",
	 HEAD CPU("x = 1; complete(k);\n") CPU2(
		 "wait_for_completion(k); assert(x == 1);\n" HERE) ONLY_HERE},
	{"acquire",
	 HEAD CPU("x = 1; smp_store_release(y, 1);\n")
		 CPU2("if (smp_load_acquire(y)) assert(x == 1);\n") NOTHING},
	{"no acquire",
	 HEAD CPU("w: x = 1; smp_store_release(y, 1);\n") CPU2(
		 "if (READ_ONCE(y))\nr: assert(x == 1);\n") "expect "
							    "unordered_read "
							    "at r against "
							    "w;\n"},
	{"mb(Write)",
	 HEAD "setup { coherent c = dma_alloc_coherent(d, desc[1]); }\n"
	      "teardown { free(c); }\n" CPU(
		      "w: WRITE_ONCE(c[0].len, 1); mb(Write);\n"
		      "WRITE_ONCE(c[0].status, 1);\n")
		      DEV("if (c[0].status) { u32 l = c[0].len; }\n") NOTHING},
	{"mb(Read)", HEAD
	 "setup { coherent c = dma_alloc_coherent(d, "
	 "desc[1]); }\n"
	 "teardown { free(c); }\n" CPU("w: WRITE_ONCE(c[0].len, 1); mb(Read);\n"
				       "WRITE_ONCE(c[0].status, 1);\n")
		 DEV("if (c[0].status) {\nr: u32 l = "
		     "c[0].len; }\n") "expect "
				      "unordered_publish at r "
				      "against w;\n"},
	/* ---- whose context a call may stand in ---- */
	{"core, in C", "scenario t; device x;\n" CPU(
			       "dma_set_mask_and_coherent(x, DMA_BIT_MASK(32));"
			       "pci_set_master(x);\n") "expect nothing;\n"},
	{"core, by the Rust contract",
	 "scenario t; device x; contract = rust;\n" CPU(
		 "at: pci_set_master(x);\n") "expect always wrong_context at "
					     "at;\n"},
	{"a callback of the core",
	 "scenario t; device x; device y; contract = rust;\n"
	 "thread remove on cpu core x { pci_clear_master(x);\n"
	 "at: pci_clear_master(y); }\n"
	 "expect always wrong_context at at;\n"},
	{"bind() opens a probe, to the end of its section",
	 "scenario t; device x { bound = 0; }; contract = rust;\n"
	 "setup { bind(x); pci_set_master(x); }\n" CPU(
		 "unbind(x); bind(x);\n"
		 "dma_set_mask_and_coherent(x, DMA_BIT_MASK(32));\n"
		 "pci_set_master(x);\n") "teardown {\nat: pci_set_master(x); "
					 "unbind(x); }\n"
					 "expect always wrong_context at "
					 "at;\n"},
	{"a probe that fails",
	 "scenario t; device x { bound = 0; };\n" CPU(
		 "bind(x); return -EIO;\n") "teardown { assert(!bind(x)); "
					    "unbind(x); }\n"
					    "expect nothing;\n"},
	{"unlock by another",
	 HEAD CPU("at: spin_unlock(l);\n") "expect always wrong_context at "
					   "at;\n"},
	{"stuck on a lock",
	 HEAD CPU("spin_lock(l);\nat: spin_lock(l);\n") "expect always stuck "
							"at at;\n"},
	{"stuck on a completion",
	 HEAD CPU("at: wait_for_completion(k);\n") "expect always stuck at "
						   "at;\n"},
	{"stuck in setup", HEAD "setup {\nat: wait_for_completion(k); }\n"
				"thread t on cpu {\n" HERE "}\n"
				"expect always stuck at at;\n"},

	/* ---- polls ---- */
	{"poll waits",
	 HEAD CPU("poll (READ_ONCE(x) == 2) max 1 else y = 1;\n"
		  "assert(READ_ONCE(x) == 2 && !y);\n" HERE)
		 CPU2("WRITE_ONCE(x, 1); WRITE_ONCE(x, 2);\n") ONLY_HERE},
	{"poll runs out last",
	 HEAD CPU("poll (READ_ONCE(x)) max 1 else {\n" HERE "return; }\n")
		 CPU2("WRITE_ONCE(y, 1); WRITE_ONCE(y, 2);\n"
		      "assert(READ_ONCE(y) == 2);\n") ONLY_HERE},
	{"first poll runs out first",
	 HEAD CPU("poll (READ_ONCE(x)) max 1 else { WRITE_ONCE(y, 1);\n" HERE
		  "}\n") CPU2("poll (READ_ONCE(y)) max 1 else assert(0);\n")
		 ONLY_HERE},
	{"poll goes on",
	 HEAD CPU("poll (READ_ONCE(x)) max 1 else; y = 1;\n") "final { "
							      "assert(y == "
							      "1);\n" HERE
							      "}\n" ONLY_HERE},
	{"poll without a way out",
	 HEAD CPU("at: poll (READ_ONCE(x)) max 1; y = 1;\n") "expect always "
							     "stuck at "
							     "at;\n"},
	{"poll without a way out, of a device",
	 HEAD DEV("poll (d.r) max 1; no: assert(0);\n") "expect unreached no; "
							"expect nothing;\n"},
	{"poll of many places",
	 HEAD CPU("poll (READ_ONCE(x) && READ_ONCE(y)) max 1 else "
		  "return;\n" HERE)
		 CPU2("WRITE_ONCE(x, 1); WRITE_ONCE(y, 1);\n") ONLY_HERE},

	/* ---- interrupts ---- */
	{"msi",
	 RING DEV(
		 "c[0].len = 5; raise(d.i);\n") "irq h on d.i { "
						"assert(READ_ONCE(c[0].len) == "
						"5); x = 1; }\n"
						"final { assert(x == 1);\n" HERE
						"}\n" ONLY_HERE},
	{"intx",
	 RING DEV("w: c[0].len = 5; raise(d.w);\n") "irq h on d.w {\nr: u32 v "
						    "= READ_ONCE(c[0].len); "
						    "}\n" LATE},
	{"handler again",
	 HEAD DEV("raise(d.i); poll (d.r == 1) max 9;\n"
		  "raise(d.i);\n") "irq h on d.i { x++; writel(x, d.r); }\n"
				   "final { assert(x == 2);\n" HERE
				   "}\n" ONLY_HERE},
	{"pending once",
	 HEAD DEV("raise(d.i); raise(d.i);\n") "irq h on d.i { x++; }\n"
					       "final { one: assert(x != 1); "
					       "two: assert(x != 2); }\n"
					       "expect assertion at one; "
					       "expect assertion at two;\n"},
	{"handler returns",
	 HEAD DEV("raise(d.i);\n") "irq h on d.i { y = 1; if (y) return; x = "
				   "1; }\n"
				   "final { assert(y == 1 && x == 0);\n" HERE
				   "}\n" ONLY_HERE},
	{"disable_irq",
	 HEAD DEV("poll (d.r) max 9; raise(d.i); d.r = 2;\n")
		 CPU("disable_irq(d.i); writel(1, d.r);\n"
		     "poll (readl(d.r) == 2) max 9; assert(x == 0);\n"
		     "enable_irq(d.i);\n") "irq h on d.i { x = 1; }\n"
					   "final { assert(x == 1);\n" HERE
					   "}\n" ONLY_HERE},
	{"free_irq",
	 HEAD DEV("poll (d.r) max 9; raise(d.i);\n") CPU(
		 "free_irq(d.i); writel(1, d.r);\n") "irq h on d.i { x = 1; }\n"
						     "final { assert(x == "
						     "0);\n" HERE
						     "}\n" ONLY_HERE},
};

START_TEST(construct)
{
	scene_check(rows[_i].name, rows[_i].text);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("step");

	unit_add_rows(suite, construct, ARRAY_SIZE(rows));
	return suite;
}
