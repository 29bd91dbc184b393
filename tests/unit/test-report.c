/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "report/report.h"
#include "report/wording.h"

/* The finding of the README's scenario, as a campaign gives it. */
static const struct cdma_site setup_site = {
	"nic_rx.dma", "setup", "coherent rx = expose(ring);", NULL, 12, 9};
static const struct cdma_site alloc_site = {
	"nic_rx.dma", "setup", "box ring = dma_alloc(nic, rx_desc[N]);",
	NULL,         10,      9};
static const struct cdma_site len_site = {
	"nic_rx.dma", "poll", "u32 len = READ_ONCE(rx[i].len);",
	"r_len",      26,     17};
static const struct cdma_site status_site = {
	"nic_rx.dma", "poll", "poll (READ_ONCE(rx[i].status) == DONE) max 9;",
	NULL,         24,     23};
static const struct cdma_site w_len_site = {
	"nic_rx.dma", "dma", "rx[i].len = 64 + i;", "w_len", 17, 17};
static const struct cdma_site w_status_site = {
	"nic_rx.dma", "dma", "rx[i].status = DONE;", NULL, 18, 17};

static const struct campaign_frame frames[] = {{&len_site, "i", 1}};
static const char *const names[] = {"ring", "rx"};

static const struct campaign_buffer buffer = {
	.info = {.id = 3,
		 .name = "rx",
		 .born = CDMA_REGION_BOX,
		 .state = CDMA_REGION_COHERENT,
		 .size = 16,
		 .iova = 0x10000000,
		 .alloc = {.seq = 1, .site = &alloc_site},
		 .expose = {.seq = 2, .site = &setup_site}},
	.names = names,
	.nr_names = 2,
	.device = "nic",
};

static struct cdma_party party(uint64_t seq, enum cdma_event_kind kind,
			       enum cdma_access how, uint64_t offset,
			       uint64_t value, const struct cdma_site *site)
{
	return (struct cdma_party){
		.seq = seq,
		.kind = kind,
		.how = how,
		.offset = offset,
		.size = 4,
		.value = value,
		.site = site,
		.object = 3,
		.actor = how == CDMA_DMA ? 2 : 3,
	};
}

static struct campaign_party side(struct cdma_party what)
{
	bool device = what.how == CDMA_DMA;

	return (struct campaign_party){
		.present = true,
		.party = what,
		.actor = device ? "dma" : "poll",
		.kind = device ? CDMA_DEVICE : CDMA_CPU,
		.device = device ? "nic" : NULL,
		.nr_frames = 1,
		.frames = frames,
	};
}

static struct campaign_finding missing_rmb(void)
{
	struct campaign_finding f = {
		.finding = {.id = CDMA_FINDING_UNORDERED_READ,
			    .cure = CDMA_CURE_DMA_RMB,
			    .region = 3,
			    .at = party(12, CDMA_EV_READ, CDMA_MARKED, 8, 0x41,
					&len_site),
			    .against = party(9, CDMA_EV_WRITE, CDMA_DMA, 8,
					     0x41, &w_len_site),
			    .proof = party(11, CDMA_EV_READ, CDMA_MARKED, 12, 1,
					   &status_site),
			    .publish = party(10, CDMA_EV_WRITE, CDMA_DMA, 12, 1,
					     &w_status_site)},
		.first = 17,
		.seen = 41,
		.buffer = &buffer,
		.cure = {.is_tried = true,
			 .text = "add dma_rmb() after nic_rx.dma:24",
			 .schedules = 200,
			 .is_clean = true},
	};

	f.at = side(f.finding.at);
	f.at.saw = f.finding.against;
	f.at.saw_actor = "dma";
	f.against = side(f.finding.against);
	f.proof = side(f.finding.proof);
	f.proof.saw = f.finding.publish;
	f.proof.saw_actor = "dma";
	f.publish = side(f.finding.publish);
	return f;
}

static void print(struct cdma_text *out, const struct campaign_finding *f,
		  bool colour)
{
	static const struct program program = {.name = "nic_rx_rmb",
					       .variant = "default"};
	const struct campaign_options campaign = {.seed = 1, .schedules = 200};
	const struct report_options options = {.detail = REPORT_ALL,
					       .colour = colour};
	const struct report_variant variant = {
		.file = "dir with blank/nic_rx.dma",
		.program = &program,
		.settings = " -D n=2",
		.options = &campaign,
	};

	report_finding(out, &options, &variant, f);
}

static const char want[] =
	"==================================================================\n"
	"BUG: cdmasim: unordered_read in poll / dma  (nic_rx_rmb, variant "
	"default)\n"
	"a read is not ordered after the read that proved ownership\n"
	"\n"
	"read of 4 bytes at rx+0x8 by CPU thread poll (#12):\n"
	" #0 poll nic_rx.dma:26:17 [i=1]\n"
	"      u32 len = READ_ONCE(rx[i].len);\n"
	"      it read 0x41, written by dma at nic_rx.dma:17:17 (#9)\n"
	"\n"
	"it may miss this DMA write of 4 bytes at rx+0x8 by device nic, thread "
	"dma (#9):\n"
	" #0 dma nic_rx.dma:17:17 [i=1]\n"
	"      rx[i].len = 64 + i;\n"
	"      it wrote 0x41\n"
	"\n"
	"it relied on this read of 4 bytes at rx+0xc by CPU thread poll "
	"(#11):\n"
	" #0 poll nic_rx.dma:24:23 [i=1]\n"
	"      poll (READ_ONCE(rx[i].status) == DONE) max 9;\n"
	"      it read 0x1, written by dma at nic_rx.dma:18:17 (#10)\n"
	"\n"
	"But nothing keeps the two reads in order: the CPU may do the later "
	"one first and\n"
	"get what was there before.\n"
	"help: add dma_rmb() after nic_rx.dma:24 (tried: nothing is found then "
	"in 200 schedules)\n"
	"\n"
	"buffer rx: 16 bytes, once box 'ring', for nic, at DMA address "
	"0x10000000\n"
	"  allocated  nic_rx.dma:10:9 (#1)\n"
	"  exposed    nic_rx.dma:12:9 (#2)\n"
	"\n"
	"replay: cdmasim run --seed=1 --first=17 --schedules=1 "
	"--variant=default -D n=2 'dir with blank/nic_rx.dma'\n"
	"SUMMARY: cdmasim: unordered_read nic_rx.dma:26:17 in poll vs "
	"nic_rx.dma:17:17 in dma\n"
	"==================================================================\n";

START_TEST(names_everything)
{
	struct campaign_finding f = missing_rmb();
	struct cdma_text out = {0};

	print(&out, &f, false);
	ck_assert_str_eq(out.at, want);
	cdma_text_fini(&out);
}
END_TEST

/* Colour adds escape sequences and changes nothing else. */
START_TEST(colour_is_only_colour)
{
	struct campaign_finding f = missing_rmb();
	struct cdma_text plain = {0}, colour = {0}, bare = {0};

	print(&plain, &f, false);
	print(&colour, &f, true);
	ck_assert_uint_gt(colour.len, plain.len);
	for (const char *s = colour.at; *s; s++) {
		if (*s == '\033')
			s = strchr(s, 'm');
		else
			cdma_text_addc(&bare, *s);
	}
	ck_assert_str_eq(bare.at, plain.at);
	cdma_text_fini(&plain);
	cdma_text_fini(&colour);
	cdma_text_fini(&bare);
}
END_TEST

/* Without a cure that was tried, what has to be ordered with what. */
static const struct {
	enum cdma_finding_id id;
	enum cdma_cure hint;
	struct cure cure;
	const char *want;
} cures[] = {
	{CDMA_FINDING_UNORDERED_READ,
	 CDMA_CURE_DMA_RMB,
	 {.is_tried = true, .text = "add x", .schedules = 20},
	 "add x (tried: this is not found then in 20 schedules)"},
	{CDMA_FINDING_UNORDERED_READ,
	 CDMA_CURE_DMA_RMB,
	 {0},
	 "the read at nic_rx.dma:26 has to come after the read at "
	 "nic_rx.dma:24"},
	{CDMA_FINDING_UNORDERED_WRITE,
	 CDMA_CURE_DMA_MB,
	 {.is_tried = true, .schedules = 200},
	 "the read at nic_rx.dma:26 has to come after the read at "
	 "nic_rx.dma:24; no barrier that was tried does that"},
	{CDMA_FINDING_UNORDERED_PUBLISH,
	 CDMA_CURE_DMA_WMB,
	 {0},
	 "the write at nic_rx.dma:17 has to be seen before the write at "
	 "nic_rx.dma:18"},
	{CDMA_FINDING_UNORDERED_GIVEBACK,
	 CDMA_CURE_SMP_MB,
	 {0},
	 "the write at nic_rx.dma:17 has to be complete before the write at "
	 "nic_rx.dma:18"},
	{CDMA_FINDING_DATA_RACE,
	 CDMA_CURE_LOCK,
	 {0},
	 "use WRITE_ONCE() at nic_rx.dma:17, too; or take the same lock around "
	 "both"},
	{CDMA_FINDING_ASSERTION, CDMA_CURE_NONE, {0}, ""},
};

START_TEST(help)
{
	struct campaign_finding f = missing_rmb();
	struct cdma_text out = {0};

	f.finding.id = cures[_i].id;
	f.finding.cure = cures[_i].hint;
	wording_add_help(&out, &f.finding, &cures[_i].cure);
	ck_assert_str_eq(cdma_text_str(&out), cures[_i].want);
	cdma_text_fini(&out);
}
END_TEST

/* Where neither side is marked, to mark one of them is no cure. */
START_TEST(help_both_plain)
{
	struct campaign_finding f = missing_rmb();
	struct cdma_text out = {0};

	f.finding.id = CDMA_FINDING_DATA_RACE;
	f.finding.cure = CDMA_CURE_LOCK;
	f.finding.at.how = f.finding.against.how = CDMA_PLAIN;
	f.cure = (struct cure){0};
	wording_add_help(&out, &f.finding, &f.cure);
	ck_assert_str_eq(cdma_text_str(&out), "take the same lock around both");
	cdma_text_fini(&out);
}
END_TEST

/* Whatever a finding lacks, its report is a text. */
START_TEST(any_kind_any_party_missing)
{
	for (unsigned int missing = 0; missing < 32; missing++) {
		struct campaign_finding f = missing_rmb();
		struct cdma_text out = {0};

		f.finding.id = (enum cdma_finding_id)_i;
		f.finding.cure = CDMA_CURE_NONE;
		if (missing & 1)
			f.against = (struct campaign_party){0};
		if (missing & 2)
			f.proof = (struct campaign_party){0};
		if (missing & 4)
			f.publish = (struct campaign_party){0};
		if (missing & 8)
			f.buffer = NULL;
		if (missing & 16)
			f.at.party.kind = CDMA_EV_NOTE;
		print(&out, &f, false);
		ck_assert_ptr_nonnull(
			strstr(out.at, cdma_finding_name(f.finding.id)));
		ck_assert_ptr_null(strstr(out.at, "(null)"));
		cdma_text_fini(&out);
	}
}
END_TEST

static const struct {
	const char *text, *want;
} quotes[] = {
	{"a/b-c_1.dma", "a/b-c_1.dma"},
	{"a b", "'a b'"},
	{"it's", "'it'\\''s'"},
	{"$(x)", "'$(x)'"},
	{"", "''"},
};

START_TEST(quotes_for_the_shell)
{
	struct cdma_text out = {0};

	report_quoted(&out, quotes[_i].text);
	ck_assert_str_eq(out.at, quotes[_i].want);
	cdma_text_fini(&out);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("report");

	unit_add(suite, names_everything);
	unit_add(suite, colour_is_only_colour);
	unit_add_rows(suite, help, ARRAY_SIZE(cures));
	unit_add(suite, help_both_plain);
	unit_add_rows(suite, any_kind_any_party_missing, CDMA_FINDING_NR);
	unit_add_rows(suite, quotes_for_the_shell, ARRAY_SIZE(quotes));
	return suite;
}
