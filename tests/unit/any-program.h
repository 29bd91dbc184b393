/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ANY_PROGRAM_H
#define TESTS_ANY_PROGRAM_H

/*
 * Any program: small scenarios that nobody wrote, from the whole language.
 *
 * All names are declared in every scenario, and a few places are drawn much
 * more often than the others, so that threads meet.  A test counts that every
 * builtin, every word of a statement and every instruction comes up.
 */

#include "any-call.h"
#include "any-fault.h"

/* ---- statements ---- */

static inline void say_condition(struct draft *d, bool in_poll)
{
	static const char *const ops[] = {" == ", " != ", " < ", " & "};
	const struct builtin *b;

	if (one_in(d, 3)) {
		say(d, "(");
		say_condition(d, in_poll);
		say(d, one_in(d, 2) ? " || " : " && ");
		say_condition(d, in_poll);
		say(d, ")");
		return;
	}
	if (d->is_device || one_in(d, 3)) {
		say(d, d->is_device && one_in(d, 3) ? DRAW(d, any_register)
						    : any_scalar(d));
	} else if (in_poll && one_in(d, 2)) {
		do
			b = any_builtin(d, true);
		while (!gives_number(b) || b->is_pure);
		say_call(d, b);
	} else {
		cdma_text_addf(d->out, "READ_ONCE(%s)", any_scalar(d));
	}
	say(d, DRAW(d, ops));
	cdma_text_addf(d->out, "%u", draw(d, 3));
}

static inline void poll_statement(struct draft *d)
{
	say(d, "poll (");
	say_condition(d, true);
	say(d, ") max 5");
	if (one_in(d, 2)) {
		say(d, one_in(d, 3) ? " else return; " : "; ");
		return;
	}
	say(d, " else ");
	statement(d);
}

static inline void store_statement(struct draft *d)
{
	static const char *const how[] = {"", "", "relaxed ", "unordered ",
					  "split "};
	static const char *const ops[] = {"=", "=", "=", "+=", "|=", "^="};
	const char *place = any_scalar(d);

	if (d->is_device && one_in(d, 4)) {
		cdma_text_addf(d->out, "%s %s %s; ", DRAW(d, any_register),
			       DRAW(d, ops), any_number(d));
		return;
	}
	/* These have no two halves. */
	if (d->is_device && strcmp(place, "ring[0].p") &&
	    strncmp(place, "*(u8", 4))
		say(d, DRAW(d, how));
	if (one_in(d, 8))
		cdma_text_addf(d->out, *place == '*' ? "(%s)%s; " : "%s%s; ",
			       place, one_in(d, 2) ? "++" : "--");
	else
		cdma_text_addf(d->out, "%s %s %s; ", place, DRAW(d, ops),
			       any_number(d));
}

/* A struct is copied, and then looked at in parts. */
static inline void copy_statement(struct draft *d)
{
	static const char *const copies[] = {
		"d = copy_read(ring[0]); ", "d = dma_read(ring[1]); ",
		"d = copy_read(own[0]); ", "memcpy(d, ring[0]); ",
		"d = dma_read(ws[0]); "};
	static const char *const of_device[] = {"d = ring[0]; ",
						"memcpy(d, ring[0]); ",
						"memcpy(d, ring[1]); "};
	static const char *const fields[] = {"d.x", "d.y", "d.z", "d.p"};

	say(d, d->is_device ? DRAW(d, of_device) : DRAW(d, copies));
	if (one_in(d, 3))
		return;
	cdma_text_addf(d->out, "if (%s) { v0 = %s; ", DRAW(d, fields),
		       DRAW(d, fields));
	if (one_in(d, 2))
		cdma_text_addf(d->out, "%s = v0; ", any_scalar(d));
	else
		statement(d);
	say(d, "} ");
}

static inline void load_statement(struct draft *d)
{
	if (one_in(d, 4))
		cdma_text_addf(d->out, "u32 o%u = %s; ", d->names++,
			       any_scalar(d));
	else if (one_in(d, 4))
		copy_statement(d);
	else if (d->is_device || one_in(d, 3))
		cdma_text_addf(d->out, "v0 = %s; ", any_scalar(d));
	else
		cdma_text_addf(d->out, "v0 = READ_ONCE(%s); ", any_scalar(d));
}

static inline void if_statement(struct draft *d)
{
	say(d, "if (");
	say_condition(d, false);
	say(d, ") ");
	statement(d);
	if (one_in(d, 3)) {
		say(d, "else ");
		statement(d);
	}
}

static inline void loop_head(struct draft *d, unsigned int name)
{
	switch (draw(d, 5)) {
	case 0:
		cdma_text_addf(d->out, "for (i%u in 0..2) { ", name);
		break;
	case 1:
		cdma_text_addf(d->out, "for (i%u in 0..v0 max 9) { ", name);
		break;
	case 2:
		cdma_text_addf(d->out, "for (u32 i%u = 0; i%u < 2; i%u++) { ",
			       name, name, name);
		break;
	case 3:
		cdma_text_addf(d->out,
			       "int i%u = 2; while (i%u-- > 0) max 9 { ", name,
			       name);
		break;
	default:
		cdma_text_addf(d->out,
			       "for (int i%u = 0; i%u < v0; ++i%u) max 9 { ",
			       name, name, name);
	}
}

/* A value that was read, or a known one, decides. */
static inline void switch_statement(struct draft *d)
{
	say(d, "switch (");
	say(d, d->is_device || one_in(d, 4) ? any_number(d) : "READ_ONCE(a)");
	say(d, ") { case 0: ");
	statement(d);
	say(d, one_in(d, 2) ? "break; " : "fallthrough; ");
	say(d, one_in(d, 2) ? "case 1: " : "case 1 ... 2: ");
	statement(d);
	if (one_in(d, 2)) {
		say(d, "break; default: ");
		statement(d);
	}
	say(d, "} ");
}

static inline void goto_statement(struct draft *d)
{
	unsigned int name = d->names++;

	say(d, "if (");
	say_condition(d, false);
	cdma_text_addf(d->out, ") goto o%u; ", name);
	statement(d);
	cdma_text_addf(d->out, "o%u: ", name);
	statement(d);
}

/* It ends when somebody else has done something. */
static inline void wait_statement(struct draft *d)
{
	say(d, "while (!(");
	say_condition(d, true);
	say(d, d->is_device || one_in(d, 2) ? ")) ; " : ")) cpu_relax(); ");
}

static inline void loop_statement(struct draft *d)
{
	unsigned int name = d->names++;

	loop_head(d, name);
	statement(d);
	if (one_in(d, 2)) {
		cdma_text_addf(d->out, "if (i%u == v1) %s ", name,
			       one_in(d, 2) ? "break;" : "continue;");
		statement(d);
	}
	say(d, "} ");
}

/* Things that come in pairs. */
static inline void pair_statement(struct draft *d)
{
	static const char *const pairs[][2] = {
		{"spin_lock(l); ", "spin_unlock(l); "},
		{"if (spin_trylock(l)) { ", "spin_unlock(l); } "},
		{"mutex_lock(mx); ", "mutex_unlock(mx); "},
		{"spin_lock(&pv.l); ", "spin_unlock(&pv.l); "},
		{"rcu_read_lock(); ", "rcu_read_unlock(); "},
		{"if (try_access(rv)) { ", "guard_put(rv); } "},
		{"if (try_access(dr)) { ", "guard_put(dr); } "},
		{"lease_begin(nic, ring[0]); ", "lease_end(nic, ring[0]); "},
		{"disable_irq(nic.v); ", "enable_irq(nic.v); "},
		{"get_device(nic); ", "put_device(nic); "},
		{"bind(gpu); ", "unbind(gpu); "},
		{"unbind(nic); ", "bind(nic); "},
		{"{ ", "} "},
	};
	unsigned int i = draw(d, ARRAY_SIZE(pairs));

	if (d->is_device)
		i = 7;
	say(d, pairs[i][0]);
	statement(d);
	say(d, pairs[i][1]);
}

static inline void odd_statement(struct draft *d)
{
	static const char *const at[] = {
		"view o = ring[1]; v0 = size(o); ",
		"v0 = (v1 ?: 3) + sizeof v1 - sizeof(s); ",
		"v0 = (v1, +v0) + offsetof(s, y); ",
		"; ",
		"return; ",
		"v0 = ring[v1]?.x; ",
		"s o = { .x = v0 }; v0 = o.x; d = o; memcpy(o, d); ",
		"int o = v1; v1 = ~v0 - -o * 2; o = o % 5 - (o / 2); v0 = o; ",
		"int o = v0; o = o >> v1; v0 = (v1 / 3) ^ (v1 % 5) | o; ",
		"int o = v0; o = min(o, 3) + max(o, 1); v1 = o < 2 || o <= 4; ",
		("u64 o = v0; v1 = min(o, 3) + max(o, 1) + (o < 2) + (o <= "
		 "v1); "),
		"v0 = v1 << 1 | v1 >> 1; ",
		"v0 = (v1 > 1) + (v1 >= v0) + !v0; ",
		"s o[2]; o[v0 & 1].x = v1; v0 = o[1].y; memset(o, 1); ",
		"int o = v0++; v1 = --o + (v0 = 2); do o--; while (o > 0) max "
		"9; ",
		"half o; o.all = v0; v1 = o.part[SOME]; ",
		"int o[2][2]; o[v0 & 1][1] = v1; v0 = o[0][1]++; ",
	};
	static const char *const of_cpus[] = {
		"v1 = put(&a, v0); ",
		"s *o = &ring[v0 & 1]; v1 = READ_ONCE(o->x) + (o != NULL); ",
		"s *o = ws; o++; WRITE_ONCE(o->y, v0); v1 = o - ws; ",
		"keep = &ring[1].x; if (keep) v0 = READ_ONCE(*keep); ",
		"le32 *o = READ_ONCE(keep); if (o) *o = v1; ",
		"v1 = add(v0, v1) + arr[0]++; ",
		"WRITE_ONCE(AT(1), TWICE(READ_ONCE(AT(0)))); ",
		"if (unlikely(test_bit(1, a))) set_bit(v0 & 7, ring[0].x); ",
		"v1 = get(&b); ",
		"v1 = rom(v0); ",
		"if (rom(1) < 0) return; ",
		"later = ring; ",
		"put(&ring[0].x, v0); ",
		"box o[2]; o[v0] = dma_alloc(nic, s); ",
		"complete(&pv.c); ",
		"schedule_work(&pv.wk); ",
		"if (completion_done(&pv.c)) pv.n++; ",
		("u32 *o = kzalloc(8, GFP_KERNEL); if (o) o[1] = v0; "
		 "kfree(o); "),
		"memcpy(&ring[0], &ring[1], 8); memset(&pv.n, 1, 4); ",
		("dma_addr_t od; "
		 "s *o = dma_alloc_coherent(nic, 48, &od, GFP_ATOMIC); "
		 "if (o) { o->x = v0; dma_free_coherent(nic, 48, o, od); } "),
		"dma_free_coherent(nic, 48, &spare[0], dma_handle(spare)); ",
	};

	say(d, !d->is_device && one_in(d, 3) ? DRAW(d, of_cpus) : DRAW(d, at));
}

static inline void statement(struct draft *d)
{
	if (d->depth >= 3 || !d->budget) {
		say(d, "{ ");
		store_statement(d);
		say(d, "} ");
		return;
	}
	d->budget--;
	d->depth++;
	say(d, "{ ");
	switch (draw(d, 16)) {
	case 0:
	case 1:
	case 2:
		store_statement(d);
		break;
	case 3:
	case 4:
		load_statement(d);
		break;
	case 5:
		if_statement(d);
		break;
	case 6:
	case 7:
		poll_statement(d);
		break;
	case 8:
		pair_statement(d);
		break;
	case 9:
		if (one_in(d, 3))
			loop_statement(d);
		else if (one_in(d, 3))
			switch_statement(d);
		else if (one_in(d, 3))
			goto_statement(d);
		else if (one_in(d, 6))
			wait_statement(d);
		else
			load_statement(d);
		break;
	case 10:
		if (one_in(d, 2))
			odd_statement(d);
		else
			store_statement(d);
		break;
	case 11:
		if (d->is_device)
			cdma_text_addf(d->out, "raise(%s); ", any_irq(d));
		else
			call_statement(d);
		break;
	default:
		call_statement(d);
	}
	say(d, "} ");
	d->depth--;
}

/* ---- a scenario ---- */

/*
 * What registers do besides.  They are drawn from what comes next, without
 * taking it: so that all else is what it would be without them.
 *
 * What raises an interrupt stops some time: its handler may touch the register.
 */
static inline const char *any_reactions(struct draft *d)
{
	static const char *const at[] = {
		"",
		"",
		"",
		"on write wo (x) { by = x; } ",
		"on write wo (x) { if (x & 1) wo = 0; "
		"if (by < 2) { by++; raise(v); } } ",
		"on write by { q = q + 1; lower(y); } ",
		"on read rd { rd++; } ",
		"on read rd { u16 x = wo; wo = 0; "
		"if (by < 2) { by++; raise(w); } return x; } ",
		"on write wo (x) { wo = by; } on read rd { by++; return wo; } ",
		"on write db[i] (x) { by = i; t |= x; } ",
	};
	struct cdma_rng rng = *d->rng;

	return at[cdma_rng_below(&rng, ARRAY_SIZE(at))];
}

/* In a thread that has nothing else to begin with. */
static inline const char *any_touch(struct draft *d)
{
	static const char *const at[] = {"",
					 "",
					 "v0 = readl(nic.rd); ",
					 "v0 = readl_relaxed(nic.rd); ",
					 "writel(v1, nic.db[v0 & 1]); ",
					 "writew(v1, nic.wo); "};
	struct cdma_rng rng = *d->rng;

	cdma_rng_below(&rng, 7);
	return at[cdma_rng_below(&rng, ARRAY_SIZE(at))];
}

static inline void thread_body(struct draft *d, unsigned int nr)
{
	say(d, "{ u64 v0 = 0; u64 v1 = 1; u64 n = 0; s d = { .x = 7 };\n\t");
	say(d, d->begins);
	if (!d->is_device && !*d->begins)
		say(d, any_touch(d));
	for (unsigned int i = 0; i < nr; i++)
		statement(d);
	say(d, "}\n");
}

static inline void say_thread(struct draft *d, unsigned int i, unsigned int nr)
{
	d->depth = 0;
	d->budget = nr + 1;
	d->is_device = false;
	switch (draw(d, 10)) {
	case 0:
	case 1:
		d->is_device = d->has_engine = true;
		cdma_text_addf(d->out, "thread t%u on nic ", i);
		break;
	case 2:
		cdma_text_addf(d->out, "thread t%u on cpu core %s ", i,
			       any_device_name(d));
		break;
	case 3:
		/* One handler each. */
		if (i < 2) {
			cdma_text_addf(d->out, "irq t%u on nic.%c ", i,
				       i ? 'w' : 'v');
			break;
		}
		/* fall through */
	default:
		cdma_text_addf(d->out, "thread t%u on cpu ", i);
	}
	if (!i && d->has_label)
		d->begins = d->is_device ? "l0: ring[0].x = 1; "
					 : "l0: WRITE_ONCE(a, 1); ";
	thread_body(d, nr);
	d->begins = "";
}

/* What runs later, if anybody asks for it. */
static inline void say_handler(struct draft *d, const char *head,
			       const char *end)
{
	d->depth = 0;
	d->budget = 2;
	d->is_device = false;
	say(d, head);
	say(d, " { u64 v0 = 0; u64 v1 = 1; u64 n = 0; s d = { .x = 7 }; ");
	if (one_in(d, 3))
		statement(d);
	say(d, end);
	say(d, "}\n");
}

static inline void say_handlers(struct draft *d)
{
	static const char *const polls[] = {
		"napi_complete_done(np, 1); ",
		"napi_complete(np); ",
		"if (napi_complete_done(np, v0)) writel(1, nic.r); ",
		"return NAPI_POLL_WEIGHT; ",
		"",
	};
	static const char *const ends[] = {
		"return IRQ_WAKE_THREAD; ",
		"napi_schedule(np); ",
		("if (napi_schedule_prep(np)) { writel(0, nic.r); "
		 "__napi_schedule(np); } "),
		"napi_schedule_prep(np); ",
	};

	say_handler(d, "timer tm max 2", one_in(d, 4) ? "mod_timer(tm); " : "");
	say_handler(d, "work wk max 2",
		    one_in(d, 4) ? "schedule_work(wk); " : "");
	say_handler(d, "tasklet tl max 2",
		    one_in(d, 4) ? "tasklet_schedule(tl); " : "");
	say_handler(d, "napi np max 2", DRAW(d, polls));
	say_handler(d, "irq hard on nic.x", DRAW(d, ends));
	say_handler(d, "irq_thread soft on nic.x", "");
	say_handler(d, "irq flat on nic.y", "");
	say(d, "thread kt on cpu { poll (kthread_should_stop()) max 5; }\n");
}

static inline void draw_focus(struct draft *d)
{
	for (unsigned int i = 0; i < FOCUS_NR; i++) {
		d->dev_focus[i] = any_device[draw(
			d, one_in(d, 2) ? 2 : ARRAY_SIZE(any_device))];
		d->focus[i] = i && one_in(d, 2) ? DRAW(d, any_shared)
						: any_dma[draw(d, 2)];
	}
}

static inline void any_program(struct cdma_rng *rng, struct cdma_text *out)
{
	static const char *const contracts[] = {"", "contract = c;",
						"contract = rust;"};
	static const char *const machines[] = {
		"any", "any",   "any",       "x86",
		"sev", "arm64", "x86_iommu", "\"x86,coherent=no,line=8\"",
	};
	struct draft d = {.rng = rng, .out = out};
	static const char *const options[] = {"", "", "", "master = 0; ",
					      "untrusted = 1; "};
	unsigned int threads = 2 + draw(&d, 2);

	d.has_label = one_in(&d, 4);
	d.begins = "";
	cdma_text_addf(
		out,
		"scenario some \"s\"; memory = %s; %s\n"
		"enum { NONE, SOME }; union half { u32 all; u16 part[2]; };\n"
		"struct s { le32 x; le32 y; le64 z; be16 p; u8 pad[6]; };\n"
		"struct k { u8 b; le32 x; le64 z; } packed;\n"
		"device nic { addr_bits = 40; iova_base = 1 << 32; regs { u32 "
		"r w1c; u32 t w1s; u64 "
		"q rc; u8 "
		"by;"
		" u16 wo; u32 rd; u32 db[2]; } irq v: msi; irq w: intx; irq x: "
		"msi; irq y: level; "
		"%s%s};\n"
		"device gpu { bound = 0; regs { u32 r; } };\n"
		"spinlock l; mutex mx; completion c; waitqueue wq;\n"
		"revocable rv { WRITE_ONCE(a, 3); }\n"
		"devres dr on nic { WRITE_ONCE(b, 3); }\n"
		"drvdata on gpu { WRITE_ONCE(a, 2); }\n"
		"struct pv { spinlock_t l; struct completion c; "
		"struct work_struct wk; u32 n; }; static struct pv pv;\n"
		"timeouts = %s; machine = %s;\n"
		"shared u32 a; shared u32 b;\n"
		"shared u32 arr[2]; shared u64 wide; static le32 *keep;\n"
		"static u32 add(u8 x, u32 y) { if (x) return x + y; return 1; "
		"}\n"
		"#define TWICE(x) ((x) * 2)\n"
		"#define AT(i) ring[i].x\n"
		"fn get(p) { return READ_ONCE(p) + 1; }\n"
		"fn put(p, v) { WRITE_ONCE(p, v); return v; }\n"
		"fn rom(v) may fail -EIO { return v; }\n"
		"setup {\n"
		"	coherent ring = dma_alloc_coherent(nic, s[2], "
		"ZEROED);\n"
		"	coherent ws = dma_alloc_coherent(nic, s[2], ZEROED | "
		"WEAK_ORDERING);\n"
		"	coherent spare = dma_alloc_coherent(nic, s[2]%s);\n"
		"	coherent later = spare;\n"
		"	coherent pk = dma_alloc_coherent(nic, k[1], ZEROED);\n"
		"	box own = dma_alloc(nic, s[2], ZEROED);\n"
		"	handle h of s[2] = dma_alloc_handle(nic, 64);\n"
		"	view vw = ring[0]; window win = as_ref(spare[0]);\n"
		"	u64 at = dma_handle(%s);\n"
		"	buffer km = kzalloc(u8[24]);\n"
		"	u64 lent = dma_map_single(nic, km, 16, "
		"DMA_BIDIRECTIONAL);\n"
		"	dma_mapping_error(nic, lent);\n"
		"	pool pl = dma_pool_create(nic, s);\n"
		"	revocable_new(rv); devres_new(dr);\n"
		"	scatterlist sg[2]; sg_set_buf(sg[0], km, 8);\n"
		"	sg_set_buf(sg[1], arr, 8);\n"
		"}\n",
		one_in(&d, 2) ? "weak" : "strong", DRAW(&d, contracts),
		DRAW(&d, options), any_reactions(&d),
		one_in(&d, 3) ? "early" : "late", DRAW(&d, machines),
		one_in(&d, 2) ? ", ZEROED" : "",
		one_in(&d, 2) ? "ring[0].x" : "own[0].x");
	draw_focus(&d);
	for (unsigned int i = 0; i < threads; i++)
		say_thread(&d, i, 1 + draw(&d, threads == 2 ? 4 : 3));
	say_handlers(&d);
	if (one_in(&d, 3))
		say(&d, "final { assert(a == 0); assert(ring[0].x != 1); }\n");
	if (!one_in(&d, 3))
		say(&d, "teardown { free(ring); free(ws); free(spare); "
			"free(own); free(h); free(pk); kfree(km); "
			"dma_pool_destroy(pl); }\n");
	say_faults(&d);
	say(&d, "expect nothing;\n");
}

#endif /* TESTS_ANY_PROGRAM_H */
