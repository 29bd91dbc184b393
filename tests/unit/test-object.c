/* SPDX-License-Identifier: MIT */
/*
 * What each construct does when it runs: DMA memory and what refers to it,
 * bounds, windows, masks, the life of a device, sections.  scene.h says how to
 * read a row.
 */
#include "scene.h"

static const struct {
	const char *name, *text;
} rows[] = {
	/* ---- objects ---- */
	{"zeroed", HEAD "setup { box b = dma_alloc(d, u32[2], ZEROED);\n"
			"assert(b[1] == 0); free(b);\n" HERE "}\n" ONLY_HERE},
	{"not zeroed", HEAD "setup { box b = dma_alloc(d, u32[2]);\n"
			    "u32 v = b[1];\nat: if (v) y = 1;\nfree(b); }\n"
			    "expect always uninit_read at at;\n"},
	{"init_at() of a box that was converted",
	 HEAD "setup { box b = dma_alloc(d, desc[2], ZEROED); coherent c = "
	      "expose(b);\n"
	      "at: init_at(b, 0, { .len = 1 });\n"
	      "assert(READ_ONCE(c[0].len) == 0); free(c); }\n"
	      "expect always cpu_uaf at at;\n"},
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
	{"plain access, by the Rust contract",
	 RING CPU("at: c[0].len = 1;\n") "contract = rust;\n"
					 "expect always exposed_access at "
					 "at;\n"},
	{"plain access, in C", RING CPU("c[0].len = 1;\n") NOTHING},
	{"plain accesses of two CPUs, in C",
	 RING CPU("a: c[0].len = 1;\n")
		 CPU2("b: c[0].len = 2;\n") "expect always data_race at a "
					    "against b;\n"},
	{"plain in one's own window, in C",
	 RING CPU("window w = as_mut(c[0]); c[0].len = 1; end(w);\n") NOTHING},
	{"plain in another's window, in C",
	 RING CPU("w: window w = as_mut(c[0]); end(w);\n")
		 CPU2("at: c[0].len = 1;\n") "expect window_conflict at at "
					     "against w;\n"},
	{"not zeroed, by the Rust contract",
	 HEAD "setup { coherent c = dma_alloc_coherent(d, u32);\n"
	      "u32 v = READ_ONCE(*c);\nat: assert(v); free(c); }\n"
	      "contract = rust;\n"
	      "expect always uninit_read at at;\n"},
	{"zeroed, in C",
	 HEAD "setup { coherent c = dma_alloc_coherent(d, u32);\n"
	      "assert(READ_ONCE(*c) == 0); free(c); }\n" NOTHING},
	{"a box in C",
	 HEAD "setup { box b = dma_alloc(d, u32, ZEROED); coherent c = "
	      "expose(b);\n"
	      "*c = 1; free(c); }\n"
	      "contract = c;\n" NOTHING},
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
	 HEAD CPU("u8 a[4]; u8 b[4] = {0};\n"
		  "at: a[x + 4] = 1; assert(b[0] == 0);\n") "expect always "
							    "out_of_bounds at "
							    "at;\n"},
	{"range", RING CPU("at: window w = as_ref(c[0..x + 5]); "
			   "end(w);\n") "expect always out_of_bounds of "
					"c at at;\n"},
	{"range that ends before it begins",
	 RING CPU("at: view v = c[x + 3..x + 1];\n"
		  "u32 l = READ_ONCE(v[0].len);\n") "expect always "
						    "out_of_bounds of c at "
						    "at;\n"},
	{"range that begins behind the end",
	 RING CPU("at: view v = c[x + 5..x + 6];\n"
		  "u32 l = READ_ONCE(v[0].len);\n") "expect always "
						    "out_of_bounds of c at "
						    "at;\n"},
	{"range of a range",
	 RING CPU(
		 "view v = c[x + 1..x + 3];\n"
		 "at: view w = v[x..x + 3];\n"
		 "WRITE_ONCE(w[1].len, 1);\n"
		 "assert(READ_ONCE(c[2].len) == 1);\n") "expect always "
							"out_of_bounds of c at "
							"at;\n"},
	{"range that is filled",
	 RING CPU("at: memset(c[x + 3..x + 5], 0);\n") "expect always "
						       "out_of_bounds of c at "
						       "at;\n"},
	{"an empty range", RING CPU("view v = c[x + 4..x + 4];\n") NOTHING},
	{"range of nothing",
	 HEAD "setup { coherent c = dma_alloc_coherent(d, u8[4]);\n"
	      "at: view v = c[x..x + 9]; }\n"
	      "fail dma_alloc; expect always panic at at;\n"},
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
	 HEAD CPU("at: dma_set_mask(d, DMA_BIT_MASK(32));\n") "contract = "
							      "rust;\n"
							      "expect always "
							      "wrong_context "
							      "at at;\n"},
	{"mask race",
	 HEAD CPU("m: dma_set_coherent_mask(d, DMA_BIT_MASK(32));\n")
		 CPU2("a: coherent b = dma_alloc_coherent(d, u8); "
		      "free(b);\n") "expect mask_race at a against m; "
				    "expect mask_race at m against a;\n"},
	{"two setters",
	 HEAD CPU("m: dma_set_mask(d, DMA_BIT_MASK(32));\n") CPU2(
		 "n: dma_set_mask(d, DMA_BIT_MASK(48));\n") "contract = rust;\n"
							    "expect always "
							    "wrong_context at "
							    "m;\n"
							    "expect always "
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
		 "assert(0);\n") "teardown { assert(0); }\n" NOTHING
				 "expect setup -EIO;\n"},
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

Suite *unit_suite(void)
{
	Suite *suite = suite_create("object");

	unit_add_rows(suite, construct, ARRAY_SIZE(rows));
	return suite;
}
