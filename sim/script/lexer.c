/* SPDX-License-Identifier: MIT */
#include "script/lexer.h"

#include "base/macros.h"
#include "base/vec.h"
#include "script/ast.h"

#include <string.h>

struct lexer {
	struct sources *sources;
	struct names *names;
	struct diag *diag;
	struct tokens *out;
	const char *text;
	uint32_t file, at, end;
	bool first; /* nothing but blanks on this line so far */
	bool failed;
};

void tokens_fini(struct tokens *tokens)
{
	cdma_vec_free(tokens);
	cdma_vec_free(&tokens->comments);
}

/* An error in the @len bytes from @at. */
#define wrong(lx, at, len, ...)                                                \
	((lx)->failed = true,                                                  \
	 diag_error((lx)->diag, (lx)->sources,                                 \
		    (struct span){(lx)->file, at, len}, __VA_ARGS__))

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_word(char c)
{
	return is_letter(c) || is_digit(c);
}

/* The bytes of the word at the place, or of what may be one by mistake. */
static uint32_t word_len(const struct lexer *lx)
{
	uint32_t len = 0;

	while (lx->at + len < lx->end && is_word(lx->text[lx->at + len]))
		len++;
	return len;
}

/* Add a token of @len bytes at the place, and go on after it. */
static struct token *push(struct lexer *lx, enum token_kind kind, uint32_t len)
{
	struct token *token = cdma_vec_push(lx->out);

	*token = (struct token){
		.kind = kind, .first = lx->first, .at = lx->at, .len = len};
	lx->first = false;
	lx->at += len;
	return token;
}

static void lex_name(struct lexer *lx)
{
	uint32_t len = word_len(lx);
	uint32_t id = names_intern(lx->names, lx->text + lx->at, len);

	push(lx, TOKEN_NAME, len)->id = id;
}

static int digit_value(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* What may follow the digits: K, M, G, or what C writes there. */
static bool lex_suffix(const char *s, size_t len, unsigned int *shift,
		       bool *is_unsigned, bool *is_long)
{
	static const struct {
		const char *text;
		uint8_t shift;
		bool is_unsigned;
	} suffixes[] = {
		{"", 0, false},   {"K", 10, false}, {"M", 20, false},
		{"G", 30, false}, {"U", 0, true},   {"u", 0, true},
		{"L", 0, false},  {"l", 0, false},  {"UL", 0, true},
		{"ul", 0, true},  {"LL", 0, false}, {"ll", 0, false},
		{"ULL", 0, true}, {"ull", 0, true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (strlen(suffixes[i].text) == len &&
		    !memcmp(suffixes[i].text, s, len)) {
			*shift = suffixes[i].shift;
			*is_unsigned = suffixes[i].is_unsigned;
			*is_long = strchr("Ll", s[len ? len - 1 : 0]) && len;
			return true;
		}
	return false;
}

/* Read digits of @base; false when they do not fit in 64 bits. */
static bool lex_digits(const char *s, uint32_t len, uint32_t *i, int base,
		       uint64_t *value)
{
	bool fits = true;

	for (; *i < len && (s[*i] == '_' || digit_value(s[*i]) < base); ++*i)
		if (s[*i] != '_') {
			fits &= !__builtin_mul_overflow(*value, (uint64_t)base,
							value);
			fits &= !__builtin_add_overflow(
				*value, (uint64_t)digit_value(s[*i]), value);
		}
	return fits;
}

static void lex_number(struct lexer *lx)
{
	const char *s = lx->text + lx->at;
	uint32_t len = word_len(lx), i = 0, digits;
	unsigned int shift = 0;
	uint64_t value = 0;
	bool fits, is_unsigned = false, is_long = false;
	struct token *token;
	int base = 10;

	if (len > 1 && s[0] == '0' && (s[1] | 0x20) == 'x')
		base = 16, i = 2;
	else if (len > 1 && s[0] == '0' && (s[1] | 0x20) == 'b')
		base = 2, i = 2;
	digits = i;
	fits = lex_digits(s, len, &i, base, &value);
	if (i == digits ||
	    !lex_suffix(s + i, len - i, &shift, &is_unsigned, &is_long))
		wrong(lx, lx->at, len, "'%.*s' is not a number",
		      (int)(len < 80 ? len : 80), s);
	else if (!fits || (value << shift >> shift) != value)
		wrong(lx, lx->at, len, "this number needs more than 64 bits");
	else if (base == 10 && i > 1 && s[0] == '0')
		wrong(lx, lx->at, len,
		      "a number cannot start with 0: octal is not in the "
		      "language");
	value <<= shift;
	token = push(lx, TOKEN_NUMBER, len);
	token->value = value;
	token->is_unsigned = is_unsigned || value > INT64_MAX;
	token->is_long = is_long;
	token->is_decimal = base == 10;
	if (lx->at + 1 < lx->end && lx->text[lx->at] == '.' &&
	    is_digit(lx->text[lx->at + 1])) {
		lx->at++;
		lx->at += word_len(lx);
		wrong(lx, token->at, lx->at - token->at, "numbers are whole");
	}
}

/*
 * The character after a backslash at *@i, which is moved behind it.
 *
 * Returns: -1 for none that is known.
 */
static int lex_escape(const struct lexer *lx, uint32_t *i)
{
	static const char letters[] = "ntr0\\'\"", values[] = "\n\t\r\0\\'\"";
	const char *letter;
	char c = *i < lx->end ? lx->text[*i] : '\0';

	++*i;
	if (c == 'x' && *i + 1 < lx->end && digit_value(lx->text[*i]) < 16 &&
	    digit_value(lx->text[*i + 1]) < 16) {
		*i += 2;
		return digit_value(lx->text[*i - 2]) << 4 |
		       digit_value(lx->text[*i - 1]);
	}
	letter = c ? strchr(letters, c) : NULL;
	return letter ? (unsigned char)values[letter - letters] : -1;
}

/*
 * Read to the closing @quote, adding what is between to @out.
 *
 * Returns: the bytes of all of it, quotes included.
 */
static uint32_t lex_quoted(struct lexer *lx, char quote, struct cdma_text *out)
{
	uint32_t i = lx->at + 1;

	while (i < lx->end && lx->text[i] != quote && lx->text[i] != '\n') {
		uint32_t start = i;
		int c = (unsigned char)lx->text[i++];

		if (c == '\\')
			c = lex_escape(lx, &i);
		if (i > lx->end)
			i = lx->end;
		if (c < 0)
			wrong(lx, start, i - start, "unknown escape");
		else if (!c)
			wrong(lx, start, i - start,
			      "a NUL cannot be part of a text");
		else
			cdma_text_addc(out, (char)c);
	}
	if (i < lx->end && lx->text[i] == quote)
		return i + 1 - lx->at;
	wrong(lx, lx->at, i - lx->at, "%c is missing at the end", quote);
	return i - lx->at;
}

static void lex_string(struct lexer *lx)
{
	struct cdma_text value = {0};
	uint32_t len = lex_quoted(lx, '"', &value);
	uint32_t id = names_intern(lx->names, cdma_text_str(&value), value.len);

	push(lx, TOKEN_STRING, len)->id = id;
	cdma_text_fini(&value);
}

/* A character constant is a number; '\0' is the one that holds a NUL. */
static void lex_char(struct lexer *lx)
{
	struct cdma_text value = {0};
	uint32_t len;
	unsigned char c = 0;

	if (lx->end - lx->at >= 4 && !memcmp(lx->text + lx->at, "'\\0'", 4)) {
		len = 4;
	} else {
		len = lex_quoted(lx, '\'', &value);
		c = value.len ? (unsigned char)value.at[0] : 0;
		if (value.len != 1)
			wrong(lx, lx->at, len,
			      "a character constant is one character");
	}
	push(lx, TOKEN_NUMBER, len)->value = c;
	cdma_text_fini(&value);
}

static void add_comment(struct lexer *lx, uint32_t len)
{
	const char *text = lx->text + lx->at, *nul = memchr(text, '\0', len);

	*cdma_vec_push(&lx->out->comments) =
		(struct comment){lx->at, len, lx->first};
	if (nul)
		wrong(lx, lx->at + (uint32_t)(nul - text), 1,
		      "a NUL cannot be part of a text");
	if (memchr(text, '\n', len))
		lx->first = true;
	lx->at += len;
}

static void lex_comment(struct lexer *lx)
{
	const char *start = lx->text + lx->at, *stop;
	uint32_t rest = lx->end - lx->at;

	if (start[1] == '/') {
		stop = memchr(start, '\n', rest);
		rest = stop ? (uint32_t)(stop - start) : rest;
		if (rest && start[rest - 1] == '\r')
			rest--;
		add_comment(lx, rest);
		return;
	}
	stop = rest > 2 ? memmem(start + 2, rest - 2, "*/", 2) : NULL;
	if (!stop) {
		wrong(lx, lx->at, 2, "this comment has no end: */ is missing");
		add_comment(lx, rest);
		return;
	}
	add_comment(lx, (uint32_t)(stop + 2 - start));
}

static const struct {
	const char *text;
	uint8_t kind, op;
} puncts[] = {
	/* The longest first. */
	{"<<=", TOKEN_ASSIGN, OP_SHL},
	{">>=", TOKEN_ASSIGN, OP_SHR},
	{"...", TOKEN_ELLIPSIS, 0},
	{"+=", TOKEN_ASSIGN, OP_ADD},
	{"-=", TOKEN_ASSIGN, OP_SUB},
	{"*=", TOKEN_ASSIGN, OP_MUL},
	{"/=", TOKEN_ASSIGN, OP_DIV},
	{"%=", TOKEN_ASSIGN, OP_MOD},
	{"&=", TOKEN_ASSIGN, OP_AND},
	{"|=", TOKEN_ASSIGN, OP_OR},
	{"^=", TOKEN_ASSIGN, OP_XOR},
	{"++", TOKEN_INC, 0},
	{"--", TOKEN_DEC, 0},
	{"->", TOKEN_ARROW, 0},
	{"..", TOKEN_DOTDOT, 0},
	{"<<", TOKEN_OPERATOR, OP_SHL},
	{">>", TOKEN_OPERATOR, OP_SHR},
	{"<=", TOKEN_OPERATOR, OP_LE},
	{">=", TOKEN_OPERATOR, OP_GE},
	{"==", TOKEN_OPERATOR, OP_EQ},
	{"!=", TOKEN_OPERATOR, OP_NE},
	{"&&", TOKEN_OPERATOR, OP_LAND},
	{"||", TOKEN_OPERATOR, OP_LOR},
	{"(", TOKEN_LPAREN, 0},
	{")", TOKEN_RPAREN, 0},
	{"{", TOKEN_LBRACE, 0},
	{"}", TOKEN_RBRACE, 0},
	{"[", TOKEN_LBRACKET, 0},
	{"]", TOKEN_RBRACKET, 0},
	{";", TOKEN_SEMICOLON, 0},
	{":", TOKEN_COLON, 0},
	{",", TOKEN_COMMA, 0},
	{".", TOKEN_DOT, 0},
	{"?", TOKEN_QUESTION, 0},
	{"#", TOKEN_HASH, 0},
	{"@", TOKEN_AT, 0},
	{"!", TOKEN_NOT, 0},
	{"~", TOKEN_COMPL, 0},
	{"=", TOKEN_ASSIGN, OP_NONE},
	{"+", TOKEN_OPERATOR, OP_ADD},
	{"-", TOKEN_OPERATOR, OP_SUB},
	{"*", TOKEN_OPERATOR, OP_MUL},
	{"/", TOKEN_OPERATOR, OP_DIV},
	{"%", TOKEN_OPERATOR, OP_MOD},
	{"&", TOKEN_OPERATOR, OP_AND},
	{"|", TOKEN_OPERATOR, OP_OR},
	{"^", TOKEN_OPERATOR, OP_XOR},
	{"<", TOKEN_OPERATOR, OP_LT},
	{">", TOKEN_OPERATOR, OP_GT},
};

static bool lex_punct(struct lexer *lx)
{
	const char *s = lx->text + lx->at;

	for (size_t i = 0; i < ARRAY_SIZE(puncts); i++) {
		size_t len = strlen(puncts[i].text);

		/* A NUL ends the text, so this stays inside it. */
		if (!strncmp(s, puncts[i].text, len)) {
			push(lx, puncts[i].kind, (uint32_t)len)->op =
				puncts[i].op;
			return true;
		}
	}
	return false;
}

static bool is_garbage(char c)
{
	return (c & 0x80) ||
	       (c >= 0 && c < ' ' && c != '\n' && c != '\t' && c != '\r') ||
	       c == 0x7f || c == '$' || c == '`' || c == '\\';
}

/* Bytes that can start no token. */
static void lex_garbage(struct lexer *lx)
{
	uint32_t at = lx->at;

	do {
		lx->at++;
	} while (lx->at < lx->end && is_garbage(lx->text[lx->at]));
	if (lx->at - at == 1)
		wrong(lx, at, 1, "'%c' does not belong here", lx->text[at]);
	else
		wrong(lx, at, lx->at - at, "these %u bytes do not belong here",
		      lx->at - at);
	lx->first = false;
}

static void lex_one(struct lexer *lx)
{
	const char *s = lx->text + lx->at;

	if (is_letter(*s))
		lex_name(lx);
	else if (is_digit(*s))
		lex_number(lx);
	else if (*s == '"')
		lex_string(lx);
	else if (*s == '\'')
		lex_char(lx);
	else if (*s == '/' && (s[1] == '/' || s[1] == '*'))
		lex_comment(lx);
	else if (!lex_punct(lx))
		lex_garbage(lx);
}

/* A line that goes on: a backslash at its end. */
static bool is_joined(const struct lexer *lx)
{
	const char *s = lx->text + lx->at;

	return s[0] == '\\' && (s[1] == '\n' || (s[1] == '\r' && s[2] == '\n'));
}

bool lex(struct sources *sources, uint32_t file, struct names *names,
	 size_t max, struct diag *diag, struct tokens *out)
{
	struct source *source = &sources->at[file];
	struct lexer lx = {.sources = sources,
			   .names = names,
			   .diag = diag,
			   .out = out,
			   .text = source->text,
			   .file = file,
			   .end = source->len,
			   .first = true};

	while (lx.at < lx.end && !diag_is_full(diag)) {
		char c = lx.text[lx.at];

		if (c == '\n')
			lx.first = true;
		if (c == '\n' || c == ' ' || c == '\t' || c == '\r') {
			lx.at++;
			continue;
		}
		if (is_joined(&lx)) {
			lx.at += lx.text[lx.at + 1] == '\n' ? 2 : 3;
			continue;
		}
		if (out->nr >= max) {
			wrong(&lx, lx.at, 1,
			      "the script has more than %u tokens",
			      SOURCE_TOKENS_MAX);
			break;
		}
		lex_one(&lx);
	}
	push(&lx, TOKEN_EOF, 0);
	return !lx.failed;
}
