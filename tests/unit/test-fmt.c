/* SPDX-License-Identifier: MIT */
#include "messages.h"

#include <ftw.h>

#include "script/fmt.h"
#include "script/lexer.h"

/* @text formatted; owned by the caller. */
static char *formatted(const char *text, size_t len)
{
	struct diag *diag = diag_new(false);
	struct cdma_text out = {0};

	if (!script_fmt("x.dma", text, len, diag, &out))
		diag_print(diag, &out);
	cdma_text_addn(&out, "", 0);
	diag_free(diag);
	return out.at;
}

/* What is not as it should be, and how it is then. */
static const struct {
	const char *text, *want;
} layouts[] = {
	{"", ""},
	{"\n\n  \n", ""},
	{"scenario   t  \"x\"  ;", "scenario t \"x\";\n"},
	{"const A=1,B = 2\n,C=3;", "const A = 1, B = 2, C = 3;\n"},
	{"\n\nparam a=1;\n\n\n\nparam b=2;\n\n",
	 "param a = 1;\n\nparam b = 2;\n"},
	{"param a = 1; param b = 2;", "param a = 1;\nparam b = 2;\n"},
	/* What fits on one line may stay there. */
	{"struct s{le32 a;le16 b[4];}packed;",
	 "struct s { le32 a; le16 b[4]; } packed;\n"},
	{"struct s {\nle32 a; le16 b; };",
	 "struct s {\n\tle32 a;\n\tle16 b;\n};\n"},
	{"device d{dma_bits=64;regs{u32 a;}irq i:msi;};",
	 "device d { dma_bits = 64; regs { u32 a; } irq i: msi; };\n"},
	/* What registers do is on lines of its own. */
	{"device d{regs{u32 a;}on write a(v){a=v+1;}on read a{a=0;};};",
	 "device d {\n\tregs { u32 a; }\n"
	 "\ton write a (v) { a = v + 1; }\n\ton read a { a = 0; };\n};\n"},
	{"device d {\non write a[i](v){ // why\nif(v)a=1;}\nregs{u32 a[2];};};",
	 "device d {\n\ton write a[i] (v) {\t\t// why\n\t\tif (v) a = 1;\n\t}\n"
	 "\tregs { u32 a[2]; };\n};\n"},
	{"device d {\nregs {u32 a;\nu32 b; };\nirq i : msi; };",
	 "device d {\n\tregs {\n\t\tu32 a;\n\t\tu32 b;\n\t};\n"
	 "\tirq i: msi;\n};\n"},
	{"setup{free(a);free(b);}", "setup { free(a); free(b); }\n"},
	{"setup{free(a);\n}", "setup {\n\tfree(a);\n}\n"},
	{"setup{}", "setup {}\n"},
	{"setup{\n}", "setup {\n}\n"},
	{"setup { if (x) { y(); } }", "setup {\n\tif (x) { y(); }\n}\n"},
	{"setup {\nif (x) return -ENOMEM;\n}",
	 "setup {\n\tif (x) return -ENOMEM;\n}\n"},
	{"setup {\nif (x)\n return -ENOMEM;\n}",
	 "setup {\n\tif (x)\n\t\treturn -ENOMEM;\n}\n"},
	{"setup {\nif (x) y(); else z();\n}",
	 "setup {\n\tif (x) y();\n\telse z();\n}\n"},
	{"setup {\nif (x) {\ny(); } else if (z) { w();\n} else v();\n}",
	 "setup {\n\tif (x) {\n\t\ty();\n\t} else if (z) {\n\t\tw();\n"
	 "\t} else v();\n}\n"},
	{"setup {\nfor(i in 0..N max 4){\nx();\n}\n}",
	 "setup {\n\tfor (i in 0..N max 4) {\n\t\tx();\n\t}\n}\n"},
	{"setup {\npoll(x==1)max 9 else return-EIO;\n}",
	 "setup {\n\tpoll (x == 1) max 9 else return -EIO;\n}\n"},
	{"setup {\npoll(x)max 9 else {\ny(); }\n}",
	 "setup {\n\tpoll (x) max 9 else {\n\t\ty();\n\t}\n}\n"},
	{"driver \"a.c\"{pci 0x10ec : 0x8139 rev 2;irq n . rx;\ndefine X  2;"
	 "link \"b.c\";} f,g;",
	 "driver \"a.c\" {\n\tpci 0x10ec:0x8139 rev 2;\n\tirq n.rx;\n"
	 "\tdefine X 2;\n\tlink \"b.c\";\n} f, g;\n"},
	{"native \"a.c\" {source \"b.c\";}f;",
	 "native \"a.c\" { source \"b.c\"; } f;\n"},
	{"variant v{patch after \"a\"  \"b\" in f;patch remove \"c\";}",
	 "variant v { patch after \"a\" \"b\" in f; patch remove \"c\"; }\n"},
	/* As C has it. */
	{"#define  A   (1+2) /*b*/\nconst B=A;",
	 "#define A (1 + 2)\t\t\t/*b*/\nconst B = A;\n"},
	{"#define A 1 + \\\n 2\n", "#define A 1 + 2\n"},
	{"enum e{A,B=3,};", "enum e { A, B = 3, };\n"},
	{"enum {\nA, B=3\n};", "enum {\n\tA,\n\tB = 3\n};\n"},
	{"union u{u32 a;struct{u16 b,c;};};",
	 "union u { u32 a; struct { u16 b, c; }; };\n"},
	{"struct s {\nunion {u32 a;\nu8 b[4][2]; } x; };",
	 "struct s {\n\tunion {\n\t\tu32 a;\n\t\tu8 b[4][2];\n\t} x;\n};\n"},
	{"static int f(u32 a,unsigned b);\nstatic u32 x=1,y;",
	 "static int f(u32 a, unsigned b);\nstatic u32 x = 1, y;\n"},
	{"static int f(void){\nreturn 1;}",
	 "static int f(void)\n{\n\treturn 1;\n}\n"},
	{"int f(void){ return 1; }", "int f(void) { return 1; }\n"},
	{"setup {\nwhile(x)max 4{\ny();\n}\n}",
	 "setup {\n\twhile (x) max 4 {\n\t\ty();\n\t}\n}\n"},
	{"setup {\nwhile(x)\ncpu_relax();\nfor(;;)max 3 y();\n}",
	 "setup {\n\twhile (x)\n\t\tcpu_relax();\n"
	 "\tfor (;;) max 3 y();\n}\n"},
	{"setup {\nfor(u32 i=0,j=1;i<4;i++,--j){\ny();}\n}",
	 "setup {\n\tfor (u32 i = 0, j = 1; i < 4; i++, --j) {\n\t\ty();\n"
	 "\t}\n}\n"},
	{"setup {\ndo{\ny();\n}while(x)max 4;do y(); while(x);\n}",
	 "setup {\n\tdo {\n\t\ty();\n\t} while (x) max 4;\n\tdo y();\n"
	 "\twhile (x);\n}\n"},
	{"setup {\nswitch(x){case 1:case 2...3: y();break;\ndefault:{z(); "
	 "}\n}\n}",
	 "setup {\n\tswitch (x) {\n\tcase 1:\n\tcase 2 ... 3:\n\t\ty();\n"
	 "\t\tbreak;\n\tdefault:\n\t\t{ z(); }\n\t}\n}\n"},
	{"setup {\nif (x) goto out;\nx=-y++- -- z;\nout:\ny();\n}",
	 "setup {\n\tif (x) goto out;\n\tx = -y++ - --z;\nout:\ty();\n}\n"},
	/* Labels. */
	{"setup {\na: x();\nlonglabel: y();\n{\nlonglabel2: z();\n}\n}",
	 "setup {\na:\tx();\nlonglabel: y();\n\t{\nlonglabel2:\tz();\n\t}\n}"
	 "\n"},
	/* Blanks between tokens. */
	{"setup {\nx=-1+~2*!3- -4;\n}",
	 "setup {\n\tx = -1 + ~2 * !3 - -4;\n}\n"},
	{"setup {\nx=a?b:c;y=f(x)?;z=c[i]?.len;\n}",
	 "setup {\n\tx = a ? b : c;\n\ty = f(x)?;\n\tz = c[i]?.len;\n}\n"},
	{"setup {\nx=(u32)y;*(le32*)a=1;((s*)a)->b=2;\n}",
	 "setup {\n\tx = (u32)y;\n\t*(le32 *)a = 1;\n"
	 "\t((s *)a)->b = 2;\n}\n"},
	{"setup {\nrelaxed a[1..2].b<<=3;unordered  a=1;x ++;f(&x,*y,a&b);\n}",
	 "setup {\n\trelaxed a[1..2].b <<= 3;\n\tunordered a = 1;\n"
	 "\tx++;\n"
	 "\tf(&x, *y, a & b);\n}\n"},
	{"setup {\nx=- -y;x=& &y;\n}",
	 "setup {\n\tx = - -y;\n\tx = & &y;\n}\n"},
	{"setup {\ncoherent_init(d,T,{.a=1,@2=3,4});\n}",
	 "setup {\n\tcoherent_init(d, T, { .a = 1, @2 = 3, 4 });\n}\n"},
	{"fn f ( a,b ) { return sizeof (u32)+offsetof (s,a.b[1]); }",
	 "fn f(a, b) { return sizeof(u32) + offsetof(s, a.b[1]); }\n"},
	{"fail dma_alloc # 2 with - ENOMEM;",
	 "fail dma_alloc #2 with -ENOMEM;\n"},
	{"expect  nothing   under faults  pairs ;",
	 "expect nothing under faults pairs;\n"},
	{"expect leak of a  under  faults each ,then anything;",
	 "expect leak of a under faults each, then anything;\n"},
	{"expect leak at l[ i = 1 ][j=n+1]  in explore ,then anything;",
	 "expect leak at l[i = 1][j = n + 1] in explore, then anything;\n"},
	{"expect setup  - EIO;expect unreached l;",
	 "expect setup -EIO;\nexpect unreached l;\n"},
	{"variant v{n=1;expect nothing;}",
	 "variant v { n = 1; expect nothing; }\n"},
	{"thread t on cpu{}irq h on d . i{}memory=weak;",
	 "thread t on cpu {}\nirq h on d.i {}\nmemory = weak;\n"},
	/* Comments. */
	{"//a\nscenario t;//b\n/*c*/\n//d",
	 "//a\nscenario t;\t\t\t\t//b\n/*c*/\n//d\n"},
	{"setup {\n//a\n\n//b\nx(); /*c*/ //d\n\n//e\n}",
	 "setup {\n\t//a\n\n\t//b\n\tx();\t\t\t\t/*c*/ //d\n\n\t//e\n}\n"},
	{"setup {\nx(1,//a\n2);y(/*b*/3);\n}",
	 "setup {\n\tx(1, //a\n\t\t\t2);\n\ty( /*b*/ 3);\n}\n"},
	{"setup {\nif (x) //a\ny();\n}",
	 "setup {\n\tif (x)\t\t\t\t//a\n\t\ty();\n}\n"},
	{"setup {\nif (x) { y();\n} //a\nelse z();\n}",
	 "setup {\n\tif (x) {\n\t\ty();\n\t}\t\t\t\t//a\n"
	 "\telse z();\n}\n"},
	{"setup {\nl: //a\nx();\n}", "setup {\nl:\t\t\t\t\t//a\n\tx();\n}\n"},
	{"/* a\n   * b\n  */\nsetup {\n/* c\n* d */\nx();\n}",
	 "/* a\n * b\n */\nsetup {\n\t/* c\n\t * d */\n\tx();\n}\n"},
	{"param a = 1; // x  \nparam bb = 22; // y\r\nparam c = 3;\n",
	 "param a = 1;\t\t\t\t// x\nparam bb = 22;\t\t\t\t// y\n"
	 "param c = 3;\n"},
	/* Long lines. */
	{"setup {\n"
	 "x = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + "
	 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb + ccccccccccccccc;\n}",
	 "setup {\n"
	 "\tx = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa +\n"
	 "\t\t\tbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb + "
	 "ccccccccccccccc;\n}\n"},
	{"variant v { expect leak of aaaaaaaaaaaaaaaaaaaaaaaaaa; "
	 "expect leak of bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb; n = 1; }",
	 "variant v {\n\texpect leak of aaaaaaaaaaaaaaaaaaaaaaaaaa;\n"
	 "\texpect leak of bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb;\n"
	 "\tn = 1;\n}\n"},
};

START_TEST(layout_is_the_one)
{
	const char *text = layouts[_i].text;
	char *once = formatted(text, strlen(text));
	char *twice = formatted(once, strlen(once));

	ck_assert_str_eq(once, layouts[_i].want);
	ck_assert_str_eq(twice, once);
	free(once);
	free(twice);
}
END_TEST

START_TEST(errors_are_said)
{
	char *got = formatted("const A = ;", 11);

	ck_assert_str_eq(got, "x.dma:1:11: error: expected an expression\n"
			      "    1 | const A = ;\n"
			      "      |           ^\n");
	free(got);
}
END_TEST

static struct {
	char **at;
	size_t nr, room;
} corpus;

static int collect(const char *path, const struct stat *st, int type,
		   struct FTW *ftw)
{
	size_t len = strlen(path);

	if (type == FTW_F && len > 4 && !strcmp(path + len - 4, ".dma"))
		*cdma_vec_push(&corpus) = cdma_xstrdup(path);
	return 0;
}

static void find_corpus(void)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/scenarios", messages_srcdir());
	CDMA_REQUIRE(!nftw(path, collect, 16, FTW_PHYS));
}

static struct tokens lexed(const char *text, size_t len, struct names *names)
{
	struct sources sources = {0};
	struct diag *diag = diag_new(false);
	struct tokens tokens = {0};

	sources_add(&sources, "x.dma", text, len);
	ck_assert(lex(&sources, 0, names, SOURCE_TOKENS_MAX, diag, &tokens));
	sources_fini(&sources);
	diag_free(diag);
	return tokens;
}

/* The same tokens and as many comments: so it means the same. */
static void check_same_tokens(const char *a, size_t a_len, const char *b,
			      size_t b_len)
{
	struct names names = {0};
	struct tokens ta = lexed(a, a_len, &names);
	struct tokens tb = lexed(b, b_len, &names);

	ck_assert_uint_eq(ta.nr, tb.nr);
	ck_assert_uint_eq(ta.comments.nr, tb.comments.nr);
	for (size_t i = 0; i < ta.nr; i++) {
		ck_assert_uint_eq(ta.at[i].len, tb.at[i].len);
		ck_assert(!memcmp(a + ta.at[i].at, b + tb.at[i].at,
				  ta.at[i].len));
	}
	for (size_t i = 0; i < ta.comments.nr; i++)
		if (!memchr(a + ta.comments.at[i].at, '\n',
			    ta.comments.at[i].len) &&
		    a[ta.comments.at[i].at + 1] == '*')
			ck_assert(!memcmp(a + ta.comments.at[i].at,
					  b + tb.comments.at[i].at,
					  ta.comments.at[i].len));
	tokens_fini(&ta);
	tokens_fini(&tb);
	names_fini(&names);
}

START_TEST(corpus_is_formatted)
{
	size_t len;
	char *text = messages_read(corpus.at[_i], &len);
	char *once = formatted(text, len);

	ck_assert_msg(!strcmp(text, once), "%s: is not as `cdmasim fmt' has it",
		      corpus.at[_i]);
	free(text);
	free(once);
}
END_TEST

/* CR and LF, twice each, and another indent: no line stays what it was. */
START_TEST(corpus_survives_other_line_ends)
{
	size_t len;
	char *text = messages_read(corpus.at[_i], &len);
	struct cdma_text wide = {0};
	char *once, *twice;

	for (size_t i = 0; i < len; i++)
		if (text[i] == '\n')
			cdma_text_add(&wide, "\r\n\r\n  ");
		else
			cdma_text_addc(&wide, text[i]);
	once = formatted(cdma_text_str(&wide), wide.len);
	twice = formatted(once, strlen(once));
	ck_assert_str_eq(twice, once);
	check_same_tokens(cdma_text_str(&wide), wide.len, once, strlen(once));
	ck_assert_ptr_eq(strchr(once, '\r'), NULL);
	cdma_text_fini(&wide);
	free(text);
	free(once);
	free(twice);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("fmt");

	find_corpus();
	unit_add_rows(suite, layout_is_the_one, ARRAY_SIZE(layouts));
	unit_add(suite, errors_are_said);
	unit_add_rows(suite, corpus_is_formatted, corpus.nr);
	unit_add_rows(suite, corpus_survives_other_line_ends, corpus.nr);
	return suite;
}
