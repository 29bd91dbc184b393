/* SPDX-License-Identifier: MIT */
/*
 * What each construct does when it runs.
 *
 * A row is a scenario that is as it expects only if the construct does what it
 * should: an assertion `bad` that must fail stands beside the ones that must
 * hold, or a finding is expected that is there only with, or without, it.
 */
#include "scene.h"

#include <cdma/event.h>

/* Of the events of 100 runs of the ring below. */
#define RING_HASH 13480840637138233193u

#define HEAD                                                                   \
	"scenario t \"t\";\n"                                                  \
	"struct desc { le32 len; le32 status; be16 port; u8 pad[6]; };\n"      \
	"device d { regs { u32 r; u64 q; be32 b; u32 arr[4]; }\n"              \
	"           irq i : msi; irq w : intx; };\n"                           \
	"device other { regs { u32 r; } };\n"                                  \
	"shared u32 x; shared u32 y; spinlock l; completion k;\n"
#define RING                                                                   \
	HEAD "setup { coherent c = dma_alloc_coherent(d, desc[4], ZEROED); "   \
	     "}\n"                                                             \
	     "teardown { free(c); }\n"
#define BOX        HEAD "setup { box c = dma_alloc(d, desc[4], ZEROED);\n"
#define CPU(body)  "thread cpu on cpu {\n" body "}\n"
#define CPU2(body) "thread cpu2 on cpu {\n" body "}\n"
#define DEV(body)  "thread dev on d {\n" body "}\n"
/* The run came by here, once at least and once only. */
#define HERE      "bad: assert(0);\n"
#define ONLY_HERE "expect always assertion at bad;\n"
#define NOTHING   "expect nothing;\n"

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
	 RING CPU("struct desc v; v.len = 3; v.port = 0x506;\n"
		  "copy_write(c[1], v);\n"
		  "struct desc w = copy_read(c[1]);\n"
		  "assert(w.len == 3 && w.port == 0x506 && !w.status);\n"
		  "struct desc u; u = dma_read(c[1]);\n"
		  "assert(u.port == 0x506);\n" HERE) ONLY_HERE},
	{"copy_from_slice",
	 RING CPU("u8 b[16]; b[4] = 9; copy_from_slice(c[3], b);\n"
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
	 RING
		 DEV("split *(le64 *)dma_handle(c[0]) = "
		     "0x0000_0002_0000_0001;\n")
			 CPU("if (READ_ONCE(c[0].len) == 0)\n"
			     "low: assert(READ_ONCE(c[0].status) == 0);\n")
				 CPU2("if (READ_ONCE(c[0].status) == 0)\n"
				      "high: assert(READ_ONCE(c[0].len) == "
				      "0);\n") "expect assertion at low; "
					       "expect assertion at high;\n"},
	{"relaxed store",
	 RING DEV("w: relaxed c[0].len = 1; c[0].status = 1;\n")
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
	{"relaxed doorbell", RING CPU("w: WRITE_ONCE(c[0].len, 5); "
				      "writel_relaxed(1, d.r);\n") DEV(
				     "poll (d.r) max 9;\nr: u32 v = "
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
		 "if (READ_ONCE(y))\nr: assert(x == 1);\n") "expect data_race "
							    "at r against "
							    "w;\n"},
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
	 HEAD CPU("poll (READ_ONCE(x)) max 1; y = 1;\n") "final { assert(y == "
							 "1);\n" HERE
							 "}\n" ONLY_HERE},
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

	/* ---- objects ---- */
	{"zeroed", HEAD "setup { box b = dma_alloc(d, u32[2], ZEROED);\n"
			"assert(b[1] == 0); free(b);\n" HERE "}\n" ONLY_HERE},
	{"not zeroed", HEAD "setup { box b = dma_alloc(d, u32[2]);\n"
			    "at: u32 v = b[1]; free(b); }\n"
			    "expect always uninit_read at at;\n"},
	{"box_from_slice", HEAD
	 "setup { u8 s[4]; s[2] = 7;\n"
	 "box b = box_from_slice(d, s);\n"
	 "assert(b[2] == 7 && len(b) == 4); free(b);\n" HERE "}\n" ONLY_HERE},
	{"coherent_from_slice",
	 HEAD "setup { u16 s[4]; s[2] = 0x708;\n"
	      "coherent b = coherent_from_slice(d, s);\n"
	      "assert(READ_ONCE(b[2]) == 0x708 && len(b) == 4);\n"
	      "assert(size(b) == 8); free(b);\n" HERE "}\n" ONLY_HERE},
	{"coherent_init", HEAD
	 "setup { coherent b = coherent_init(d, desc, { .len = x + 5, "
	 ".port = 0x102 });\n"
	 "assert(READ_ONCE(b.len) == 5);\n"
	 "assert(READ_ONCE(b.port) == 0x102); free(b);\n" HERE "}\n" ONLY_HERE},
	{"init_at",
	 BOX "assert(init_at(c, 1, { .len = 5, .status = 6 }) == 0);\n"
	     "assert(c[1].len == 5 && c[1].status == 6);\n"
	     "assert(c[0].len == 0);\n"
	     "assert(init_at(c, 4, { .len = 5 }) == -EINVAL);\n"
	     "free(c);\n" HERE "}\n" ONLY_HERE},
	{"init_at outside", BOX "at: init_at(c, 0, { .len = 5, @16 = 1 });\n"
				"assert(c[1].len == 0); free(c); }\n"
				"expect always init_outside at at;\n"},
	{"init_at stops",
	 BOX "c[1].status = 9;\n"
	     "assert(init_at(c, 1, { .len = 5, .status = 6 }) == -EIO);\n"
	     "assert(c[1].len == 5 && c[1].status == 9); free(c);\n" HERE
	     "}\nfail init_at of c at field status with -EIO;\n" ONLY_HERE},
	{"failed allocation",
	 HEAD "setup { coherent b = dma_alloc_coherent(d, u8[4], ZEROED);\n"
	      "coherent e = dma_alloc_coherent(d, u8[4], ZEROED);\n"
	      "assert(!e); assert(b); assert(err(e) == -ENOMEM);\n"
	      "assert(err(b) == 0); free(e); free(b);\n" HERE "}\n"
	      "fail dma_alloc #2;\n" ONLY_HERE},
	{"alloc?",
	 HEAD "setup { box b = dma_alloc(d, u8[4], ZEROED)?;\n"
	      "assert(0); }\n" CPU("assert(0);\n") "teardown { assert(0); "
						   "}\nfinal { assert(0); }\n"
						   "fail dma_alloc;\n" NOTHING},
	{"use of nothing",
	 HEAD CPU("coherent b = dma_alloc_coherent(d, u8[4]);\n"
		  "at: WRITE_ONCE(b[0], 1);\nassert(0);\n") "fail "
							    "dma_alloc;"
							    "\nexpect always "
							    "panic at at;\n"},
	{"leak",
	 HEAD "setup {\nat: coherent b = dma_alloc_coherent(d, u8[4]);\n"
	      "}\nexpect always leak of b at at;\n"},
	{"double free", HEAD "setup { coherent b = dma_alloc_coherent(d, u8);\n"
			     "free(b);\nat: free(b); }\n"
			     "expect always double_free of b at at;\n"},
	{"use after free",
	 HEAD "setup { coherent b = dma_alloc_coherent(d, u8);\n"
	      "coherent e = b;\nfr: free(b);\nat: WRITE_ONCE(e, 1); }\n"
	      "expect always cpu_uaf of b at at against fr;\n"},
	{"device use after free",
	 RING CPU("f: free(c);\n")
		 DEV("at: c[0].len = 1;\n") "expect device_uaf of c at at "
					    "against f;\n"
					    "expect always double_free;\n"},
	{"expose", BOX "c[0].len = 5; coherent e = expose(c);\n"
		       "assert(READ_ONCE(e[0].len) == 5); free(e);\n" HERE
		       "}\n" ONLY_HERE},
	{"expose twice", BOX "coherent e = expose(c);\n"
			     "at: coherent g = expose(c); free(e); }\n"
			     "expect always double_convert of c at at;\n"},
	{"box after expose", BOX "coherent e = expose(c);\n"
				 "at: c[0].len = 1; free(e); }\n"
				 "expect always cpu_uaf of e at at;\n"},
	{"device in a box",
	 BOX "}\n" DEV("at: c[0].len = 1;\n") "teardown { free(c); }\nexpect "
					      "unexposed_access at at;\n"},
	{"handle",
	 HEAD "setup { handle h = dma_alloc_handle(d, 4096);\n"
	      "assert(size(h) == 4096); free(h);\n" HERE "}\n" ONLY_HERE},
	{"handle access", HEAD "setup { handle h = dma_alloc_handle(d, 64);\n"
			       "at: memset(h, 0); free(h); }\n"
			       "expect always handle_access at at;\n"},
	{"plain access",
	 RING CPU("at: c[0].len = 1;\n") "expect always exposed_access at "
					 "at;\n"},
	{"object array",
	 HEAD "setup { box b[3]; for (i in 0..2) b[i] = dma_alloc(d, u8[2], "
	      "ZEROED);\n"
	      "b[x + 1][0] = 3; assert(b[1][0] == 3 && b[0][0] == 0);\n"
	      "assert(!b[2]); free(b[0]); free(b[1]);\n" HERE "}\n" ONLY_HERE},
	{"objects of functions", HEAD
	 "fn make(n) { box b = dma_alloc(d, u8, ZEROED); return b; }\n"
	 "fn drop(b) { free(b); }\n"
	 "setup { box a = make(3); *a = 5; assert(*a == 5); drop(a);\n" HERE
	 "}\n" ONLY_HERE},

	/* ---- bounds ---- */
	{"index",
	 RING CPU("at: WRITE_ONCE(c[x + 4].len, 1);\n") "expect always "
							"out_of_bounds of c at "
							"at;\n"},
	{"index in memory",
	 RING CPU("at: WRITE_ONCE(c[0].pad[x + 6], 1);\n"
		  "assert(READ_ONCE(c[1].len) == 0);\n") "expect always "
							 "out_of_bounds of c "
							 "at at;\n"},
	{"index in a box", BOX "at: c[x + 4].len = 1; free(c); }\n"
			       "expect always out_of_bounds of c at at;\n"},
	{"index in a local",
	 HEAD CPU("u8 a[4]; u8 b[4];\n"
		  "at: a[x + 4] = 1; assert(b[0] == 0);\n") "expect always "
							    "out_of_bounds at "
							    "at;\n"},
	{"index?",
	 RING CPU("WRITE_ONCE(c[x + 3]?.len, 1); y = 1;\n"
		  "WRITE_ONCE(c[x + 4]?.len, 1); y = 2;\n") "final { assert(y "
							    "== 1);\n" HERE
							    "}\n" ONLY_HERE},
	{"? in a function",
	 RING "fn f(i) { WRITE_ONCE(c[i]?.len, 1); return 0; }\n" CPU(
		 "assert(f(x) == 0); assert(f(x + 9) == -ERANGE);\n" HERE)
		 ONLY_HERE},
	{"views",
	 RING CPU("view v = c[x + 1..3]; view e = v[1];\n"
		  "WRITE_ONCE(e.len, 5);\n"
		  "assert(READ_ONCE(c[2].len) == 5);\n"
		  "assert(len(v) == 2 && size(e) == 16);\n"
		  "assert(dma_handle(e.status) == dma_handle(c) + 36);\n"
		  "assert(len(c[2..2]) == 0);\n" HERE) ONLY_HERE},
	{"view outside",
	 RING CPU("view v = c[x + 1..3];\n"
		  "at: WRITE_ONCE(v[2].len, 5);\n"
		  "assert(READ_ONCE(c[3].len) == 0);\n") "expect always "
							 "out_of_bounds at "
							 "at;\n"},
	{"range?",
	 RING CPU("view v = c[x + 1..x + 4]?; y = 1;\n"
		  "v = c[x + 3..x + 2]?; y = 2;\n") "final { assert(y == "
						    "1);\n" HERE
						    "}\n" ONLY_HERE},
	{"try_cast", RING CPU("view v = try_cast(c[1], le64)?;\n"
			      "write_val(v, 0x5_0000_0006);\n"
			      "assert(READ_ONCE(c[1].status) == 5);\n"
			      "view w = try_cast(c[1].len, le64);\n"
			      "assert(err(w) == -EINVAL);\n"
			      "view u = try_cast(c[1].pad, le16);\n"
			      "assert(!err(u));\n"
			      "u = try_cast(c[1].pad[1..6], le16);\n"
			      "assert(err(u) == -EINVAL);\n" HERE) ONLY_HERE},

	/* ---- windows ---- */
	{"window", RING CPU("window w = as_mut(c[1..3]);\n"
			    "w[0].len = 5; w[1].len = 6; end(w);\n"
			    "assert(READ_ONCE(c[1].len) == 5);\n"
			    "window r = as_ref(c[2]); assert(r.len == 6);\n"
			    "end(r);\n" HERE) ONLY_HERE},
	{"device in a window",
	 RING CPU("b: window w = as_mut(c[1]); w.len = 5; end(w);\n")
		 DEV("at: c[1].len = 1;\n") "expect window_conflict at at "
					    "against b;\n"
					    "expect data_race;\n"},
	{"device beside a window",
	 RING CPU("window w = as_mut(c[1]); w.len = 5; end(w);\n")
		 DEV("c[2].len = 1;\n") NOTHING},
	{"write through as_ref",
	 RING CPU("window w = as_ref(c[1]);\n"
		  "at: w.len = 5; end(w);\n"
		  "assert(READ_ONCE(c[1].len) == 0);\n") "expect always "
							 "window_conflict at "
							 "at;\n"},
	{"window outside",
	 RING CPU("window w = as_mut(c[1]);\n"
		  "at: w.pad[x + 6] = 5; end(w);\n") "expect always "
						     "out_of_bounds at at;\n"},
	{"window after its end",
	 RING CPU(
		 "window w = as_mut(c[1]); end(w);\nat: w.len = 5;\n") "expect "
								       "always "
								       "cpu_"
								       "uaf at "
								       "at;\n"},

	/* ---- debugfs ---- */
	{"debugfs_read",
	 RING CPU("s64 off = 60; assert(debugfs_read(c, off, 16) == 4);\n"
		  "assert(off == 64); assert(debugfs_read(c, off, 16) == 0);\n"
		  "off = -1; assert(debugfs_read(c, off, 16) == -EINVAL);\n"
		  "off = 0; assert(debugfs_read(c, off, 16, 4) == -EFAULT);\n"
		  "assert(off == 0);\n" HERE) ONLY_HERE},

	/* ---- masks ---- */
	{"dma_set_mask",
	 "scenario t \"t\"; device d { dma_bits = 40; };\n"
	 "setup { assert(dma_set_mask(d, DMA_BIT_MASK(40)) == 0);\n"
	 "assert(dma_set_mask(d, DMA_BIT_MASK(41)) == -EIO);\n"
	 "assert(dma_set_coherent_mask(d, DMA_BIT_MASK(32)) == 0);\n"
	 "coherent c = dma_alloc_coherent(d, u8);\n"
	 "assert(dma_handle(c) < 0x1_0000_0000); free(c);\n"
	 "assert(dma_set_mask_and_coherent(d, DMA_BIT_MASK(8)) == -EIO);\n"
	 "dma_set_max_seg_size(d, 65536);\n" HERE "}\n" ONLY_HERE},
	{"mask late",
	 HEAD CPU("at: dma_set_mask(d, DMA_BIT_MASK(32));\n") "expect always "
							      "wrong_context "
							      "at at;\n"},
	{"mask race",
	 HEAD CPU("m: dma_set_coherent_mask(d, DMA_BIT_MASK(32));\n")
		 CPU2(
			 "a: coherent b = dma_alloc_coherent(d, u8); "
			 "free(b);\n") "expect mask_race at a against m; "
				       "expect mask_race at m against a;\n"
				       "expect always wrong_context at m;\n"},
	{"two setters",
	 HEAD CPU("m: dma_set_mask(d, DMA_BIT_MASK(32));\n") CPU2(
		 "n: dma_set_mask(d, DMA_BIT_MASK(48));\n") "expect always "
							    "wrong_context at "
							    "m; expect always "
							    "wrong_context at "
							    "n;\n"},
	{"address lines",
	 "scenario t \"t\"; device d { addr_bits = 32; dma_bits = 64;\n"
	 "iova_base = 0x1_0000_0000; };\n"
	 "setup { coherent c = dma_alloc_coherent(d, u32); }\n" DEV(
		 "at: *c = 1;\n") "teardown { free(c); }\n"
				  "expect always mask_exceeded at at;\n"},

	/* ---- the life of a device ---- */
	{"not bound", "scenario t \"t\"; device d { bound = 0; };\n"
		      "setup {\nat: coherent c = dma_alloc_coherent(d, u8);\n"
		      "assert(err(c) == -ENODEV); }\n"
		      "expect always unbound_alloc at at;\n"},
	{"bind", "scenario t \"t\"; device d { bound = 0; };\n"
		 "setup { assert(bind(d) == 0); assert(bind(d) == -EBUSY);\n"
		 "coherent c = dma_alloc_coherent(d, u8); assert(c);\n"
		 "free(c); unbind(d); unbind(d);\n" HERE "}\n" ONLY_HERE},
	{"unbind", RING "thread t on cpu {\nat: unbind(d); }\n"
			"expect always outlives_unbind of c;\n"
			"expect always free_after_unbind;\n"},
	{"references",
	 HEAD "setup { get_device(d); put_device(d);\n" HERE "}\n" ONLY_HERE},
	{"no bus master",
	 "scenario t \"t\"; device d { master = 0; };\n"
	 "setup { coherent c = dma_alloc_coherent(d, u32); }\n" DEV(
		 "at: *c = 1;\n") "teardown { free(c); }\n"
				  "expect always bus_master_off at at;\n"},
	{"pci_set_master",
	 "scenario t \"t\"; device d { master = 0; };\n"
	 "setup { coherent c = dma_alloc_coherent(d, u32);\n"
	 "pci_set_master(d); assert(pci_enable_device_mem(d) == 0); }\n" DEV(
		 "*c = 1;\n" HERE) "teardown { free(c); }\n" ONLY_HERE},
	{"pci_clear_master",
	 "scenario t \"t\"; device d;\n"
	 "setup { coherent c = dma_alloc_coherent(d, u32);\n"
	 "pci_clear_master(d); }\n" DEV(
		 "at: *c = 1;\n") "teardown { free(c); }\n"
				  "expect always bus_master_off at at;\n"},
	{"pci_enable_device_mem fails",
	 HEAD "setup { assert(pci_enable_device_mem(d) == -EIO);\n" HERE "}\n"
	      "fail enable_device with -EIO;\n" ONLY_HERE},
	{"lease",
	 RING CPU("b: lease_begin(d, c);\nat: free(c);\n") "expect always "
							   "free_while_leased "
							   "at at against b;\n"
							   "expect always "
							   "double_free;\n"},
	{"lease_end",
	 RING CPU("lease_begin(d, c[1]); lease_end(d, c[1]);\n" HERE)
		 ONLY_HERE},
	{"wrong device", RING "thread o on other {\nat: c[0].len = 1; }\n"
			      "expect always wrong_device at at;\n"},

	/* ---- sections ---- */
	{"setup fails",
	 HEAD "setup { return -EIO; }\n" CPU(
		 "assert(0);\n") "teardown { assert(0); }\n" NOTHING},
	{"scalars of setup",
	 HEAD "setup { u32 n = 5; u8 b[2]; b[1] = 6; n++; }\n" CPU(
		 "assert(n == 6 && b[1] == 6);\n" HERE) "teardown { assert(n "
							"== 6); }\n" ONLY_HERE},
	{"final sees the end",
	 RING DEV("c[1].port = 0x102;\n") "final { assert(c[1].port == 0x102); "
					  "assert(c[1].len == 0);\n" HERE
					  "}\n" ONLY_HERE},
	{"return of a thread",
	 HEAD CPU("if (!x) return; assert(0);\n") "teardown {\n" HERE
						  "}\n" ONLY_HERE},
};

START_TEST(construct)
{
	scene_check(rows[_i].name, rows[_i].text);
}
END_TEST

/* ---- what is the scenario's fault ---- */

static const struct {
	const char *text, *message;
	uint32_t line;
} errors[] = {
	{HEAD "setup { x = 0;\nu32 v = 5 / x; }\n", "division by zero", 8},
	{HEAD "setup { x = 0;\nu32 v = 5 % x; }\n", "division by zero", 8},
	{HEAD "setup { x = 5;\nfor (i in 0..x max 4) y++; }\n",
	 "this loop goes on after its max", 8},
	{HEAD "setup {\nput_device(d); }\n",
	 "put_device() without a get_device()", 8},
};

START_TEST(error)
{
	struct program *program = scene_program(errors[_i].text, 0);
	struct campaign *c = scene_run(program, 3);
	const struct run_error *e = campaign_error(c);

	ck_assert_int_eq(campaign_verdict(c), VERDICT_ERROR);
	ck_assert_str_eq(e->message, errors[_i].message);
	ck_assert_uint_eq(e->site->line, errors[_i].line);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* Loops that are too long and steps that are too many end at the cap. */
static const char *const endless[] = {
	HEAD
	"setup { for (i in 0..1_000_000) { for (j in 0..1000) y = j; } }\n",
	HEAD CPU("for (i in 0..1_000_000) WRITE_ONCE(x, i);\n"),
	HEAD "final { for (i in 0..1_000_000) assert(i >= 0); }\n",
};

START_TEST(cap)
{
	struct program *program = scene_program(endless[_i], 0);
	struct machine_options options = {.step_cap = 1000};
	struct machine *m = machine_new(program, &options);
	struct run_result result;

	machine_run(m, 1, 0, &result);
	ck_assert_int_eq(result.end, RUN_BOUNDED);
	machine_free(m);
	program_free(program);
}
END_TEST

/* ---- the same run is the same run ---- */

static const char ring[] =
	"scenario ring \"r\"; const N = 2, DONE = 1;\n"
	"struct rx_desc { le32 len; le32 status; };\n"
	"device nic { dma_bits = 64; irq rx : msi; };\n"
	"shared u32 n; spinlock l;\n"
	"setup { box ring = dma_alloc(nic, rx_desc[N], ZEROED);\n"
	"	coherent rx = expose(ring); }\n"
	"thread dma on nic { for (i in 0..N) {\n"
	"	split *(le64 *)dma_handle(rx[i]) = DONE << 32 | (64 + i);\n"
	"	raise(nic.rx); } }\n"
	"irq h on nic.rx { spin_lock(l); n++; spin_unlock(l); }\n"
	"thread poll on cpu { for (i in 0..N) {\n"
	"	poll (READ_ONCE(rx[i].status) == DONE) max 9 else return;\n"
	"	u32 len = READ_ONCE(rx[i].len);\n"
	"	spin_lock(l); n += len; spin_unlock(l); } }\n"
	"teardown { free(rx); }\n";

static uint64_t mix(uint64_t hash, uint64_t v)
{
	hash = (hash ^ v) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static void hash_event(void *aux, const struct cdma_event *ev)
{
	uint64_t *hash = aux, h = *hash;

	h = mix(h, ev->seq);
	h = mix(h, ev->op);
	h = mix(h, (uint64_t)ev->kind << 32 | ev->how << 24 | ev->size << 16 |
			   ev->order << 8 | ev->domain);
	h = mix(h, (uint64_t)ev->object << 32 | ev->actor);
	h = mix(h, ev->offset);
	h = mix(h, ev->value);
	h = mix(h, ev->iova);
	h = mix(h, (uint64_t)ev->flags << 32 | ev->addr_dep);
	h = mix(h, ev->data_dep);
	*hash = mix(h, (uint64_t)ev->site->line << 32 | ev->site->col);
}

static uint64_t hash_runs(struct machine *m, uint64_t *hash, uint64_t first,
			  uint64_t nr)
{
	struct run_result result;

	*hash = 0;
	for (uint64_t i = first; i < first + nr; i++)
		machine_run(m, 1, i, &result);
	return *hash;
}

/* The constant is the same for every compiler and machine. */
START_TEST(deterministic)
{
	struct program *program = scene_program(ring, 0);
	struct machine *a = machine_new(program, NULL);
	struct machine *b = machine_new(program, NULL);
	uint64_t hash_a, hash_b, want;

	machine_observe(a, (struct cdma_observer){hash_event, &hash_a});
	machine_observe(b, (struct cdma_observer){hash_event, &hash_b});
	want = hash_runs(a, &hash_a, 0, 100);
	ck_assert_uint_eq(hash_runs(b, &hash_b, 0, 100), want);
	/* What came before leaves no trace. */
	want = hash_runs(a, &hash_a, 57, 1);
	ck_assert_uint_eq(hash_runs(b, &hash_b, 57, 1), want);
	ck_assert_uint_ne(hash_runs(b, &hash_b, 58, 1), want);
	ck_assert_uint_eq(hash_runs(a, &hash_a, 0, 100), RING_HASH);
	machine_free(a);
	machine_free(b);
	program_free(program);
}
END_TEST

/* Notes of loops and calls change no event, and name the turns. */
START_TEST(frames)
{
	struct program *program = scene_program(
		"scenario t \"t\"; shared u32 x;\n"
		"fn f(i) { WRITE_ONCE(x, i); }\n"
		"setup { for (i in 0..2) { for (j in 0..3) f(j);\n"
		"} }\n",
		0);
	struct machine *m = machine_new(program, NULL);
	struct run_result result;
	const struct frame *f;

	machine_record_frames(m, true);
	machine_run(m, 1, 0, &result);
	ck_assert_int_eq(result.end, RUN_DONE);
	/* Two turns, three in each, a call in each of those. */
	ck_assert_ptr_null(machine_frame(m, 0));
	ck_assert_ptr_null(machine_frame(m, 2 + 6 + 6 + 1));
	f = machine_frame(m, 2 + 6 + 6);
	ck_assert_ptr_null(f->name);
	f = machine_frame(m, f->parent);
	ck_assert_str_eq(f->name, "j");
	ck_assert_uint_eq(f->index, 2);
	f = machine_frame(m, f->parent);
	ck_assert_str_eq(f->name, "i");
	ck_assert_uint_eq(f->index, 1);
	ck_assert_uint_eq(f->parent, 0);
	machine_free(m);
	program_free(program);
}
END_TEST

/* The strategy that always gives the first answer. */
START_TEST(first)
{
	struct program *program = scene_program(
		HEAD CPU("WRITE_ONCE(x, 1);\n") CPU2(
			"WRITE_ONCE(x, 2);\n") "final { assert(x == 2); }\n",
		0);
	struct machine_options options = {.strategy = strategy_find("first")};
	struct machine *m = machine_new(program, &options);
	struct run_result result;

	machine_run(m, 1, 0, &result);
	ck_assert_uint_eq(cdma_findings_nr(machine_findings(m)), 0);
	machine_free(m);
	program_free(program);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("machine");

	unit_add_rows(suite, construct, ARRAY_SIZE(rows));
	unit_add_rows(suite, error, ARRAY_SIZE(errors));
	unit_add_rows(suite, cap, ARRAY_SIZE(endless));
	unit_add(suite, deterministic);
	unit_add(suite, frames);
	unit_add(suite, first);
	return suite;
}
