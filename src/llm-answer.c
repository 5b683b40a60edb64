#include "config.h"

#include <string.h>

#include <jansson.h>

#include "auto.h"
#include "llm-answer.h"
#include "text.h"

#define DONE "[DONE]"

struct kd_llm_reader {
	GString *raw;	  /* the body so far */
	gsize next;	  /* of raw: the first byte of no whole line */
	GString *data;	  /* of the event that is being read */
	gboolean decided; /* whether it is a stream is known */
	gboolean stream, done, over, broken, choice;
	GString *text;
	struct kd_llm_answer *answer;
};

kd_llm_reader *
kd_llm_reader_new(void)
{
	kd_llm_reader *reader = g_new0(kd_llm_reader, 1);

	reader->raw = g_string_new(NULL);
	reader->data = g_string_new(NULL);
	reader->text = g_string_new(NULL);
	reader->answer = g_new0(struct kd_llm_answer, 1);
	reader->answer->prompt = reader->answer->completion = -1;
	reader->answer->cached = reader->answer->reasoning = -1;
	reader->answer->limit = -1;
	return reader;
}

void
kd_llm_reader_free(kd_llm_reader *reader)
{
	if (!reader)
		return;
	g_string_free(reader->raw, TRUE);
	g_string_free(reader->data, TRUE);
	g_string_free(reader->text, TRUE);
	kd_llm_answer_free(reader->answer);
	g_free(reader);
}

void
kd_llm_answer_free(struct kd_llm_answer *answer)
{
	if (!answer)
		return;
	g_free(answer->text);
	g_free(answer->finish);
	g_free(answer->model);
	g_free(answer->message);
	g_free(answer->code);
	g_free(answer->param);
	g_free(answer);
}

/* A string of JSON replaces what was there; anything else does not. */
static void
take_string(char **member, const json_t *value)
{
	if (!json_is_string(value))
		return;
	g_free(*member);
	*member = g_strdup(json_string_value(value));
}

static void
take_number(gint64 *member, const json_t *value)
{
	if (json_is_integer(value) && json_integer_value(value) >= 0)
		*member = json_integer_value(value);
}

/* Vendors put the tokens that came from their cache in three places. */
static void
read_usage(struct kd_llm_answer *answer, const json_t *usage)
{
	take_number(&answer->prompt, json_object_get(usage, "prompt_tokens"));
	take_number(
	    &answer->completion, json_object_get(usage, "completion_tokens"));
	take_number(
	    &answer->cached, json_object_get(usage, "prompt_cache_hit_tokens"));
	take_number(&answer->cached, json_object_get(usage, "cached_tokens"));
	take_number(&answer->cached,
	    json_object_get(json_object_get(usage, "prompt_tokens_details"),
		"cached_tokens"));
	take_number(&answer->reasoning,
	    json_object_get(json_object_get(usage, "completion_tokens_details"),
		"reasoning_tokens"));
}

/* Content is a string, null, or a list of parts, of which "text" counts. */
static void
add_content(GString *text, const json_t *content)
{
	if (json_is_string(content))
		g_string_append(text, json_string_value(content));
	for (gsize i = 0; i < json_array_size(content); i++) {
		const json_t *part = json_array_get(content, i);
		const char *type =
		    json_string_value(json_object_get(part, "type"));
		const char *piece =
		    json_string_value(json_object_get(part, "text"));

		if (piece && !g_strcmp0(type, "text"))
			g_string_append(text, piece);
	}
}

static const char *
first_string(const json_t *object, const char *const *names)
{
	for (; *names; names++) {
		const json_t *value = json_object_get(object, *names);

		if (json_is_string(value) && *json_string_value(value))
			return json_string_value(value);
	}
	return NULL;
}

/* One line of at most KD_LLM_ERROR_MAX bytes, printable. */
static char *
clean_message(const char *message)
{
	char *line = kd_text_clean(message);
	gsize length = strlen(line);

	if (length > KD_LLM_ERROR_MAX) {
		length = KD_LLM_ERROR_MAX;
		while (length > 0 && ((guchar)line[length] & 0xc0) == 0x80)
			length--;
		line[length] = '\0';
	}
	return line;
}

/* "maximum context length is 4096 tokens": the number, or -1. */
static gint64
find_limit(const char *message)
{
	static const char *const words[] = {"maximum context length is ",
	    "model token limit: ", "token limit: ", "context length of ",
	    "context size of ", "Range of input length should be [1, ",
	    "context window of ", NULL};

	for (gsize i = 0; words[i]; i++) {
		const char *found = strstr(message, words[i]);
		guint64 number;

		if (!found)
			continue;
		number = g_ascii_strtoull(found + strlen(words[i]), NULL, 10);
		if (number > 0 && number < G_MAXINT32)
			return (gint64)number;
	}
	return -1;
}

/*
 * Errors come as {"error": {"message", "code", ...}} with a code that is a
 * string or a number, {"error": "text"}, {"message", "code"}, {"detail"}.
 */
static void
read_error(struct kd_llm_answer *answer, const json_t *root)
{
	static const char *const texts[] = {
	    "message", "msg", "detail", "error_msg", "error", NULL};
	const json_t *error = json_object_get(root, "error");
	const json_t *from = json_is_object(error) ? error : root;
	const json_t *code = json_object_get(from, "code");
	const char *message = first_string(from, texts);

	if (json_is_string(error) && *json_string_value(error))
		message = json_string_value(error);
	g_free(answer->message);
	answer->message = clean_message(message ? message : "no message");
	if (json_is_null(code) || !code)
		code = json_object_get(from, "type");
	g_clear_pointer(&answer->code, g_free);
	if (json_is_integer(code))
		answer->code = g_strdup_printf(
		    "%" JSON_INTEGER_FORMAT, json_integer_value(code));
	else if (json_is_string(code))
		answer->code = clean_message(json_string_value(code));
	take_string(&answer->param, json_object_get(from, "param"));
	take_number(&answer->limit, json_object_get(from, "n_ctx"));
	if (answer->limit < 0)
		answer->limit = find_limit(answer->message);
}

/* A whole answer, or a piece of one, whose choices have a delta. */
static void
read_root(kd_llm_reader *reader, const json_t *root)
{
	struct kd_llm_answer *answer = reader->answer;
	const json_t *choice =
	    json_array_get(json_object_get(root, "choices"), 0);
	const json_t *error = json_object_get(root, "error");
	const json_t *message;

	if ((error && !json_is_null(error)) ||
	    !json_object_get(root, "choices")) {
		reader->broken = TRUE;
		read_error(answer, root);
		return;
	}
	take_string(&answer->model, json_object_get(root, "model"));
	read_usage(answer, json_object_get(root, "usage"));
	if (!json_is_object(choice))
		return;
	reader->choice = TRUE;
	take_string(&answer->finish, json_object_get(choice, "finish_reason"));
	message = json_object_get(choice, reader->stream ? "delta" : "message");
	if (!json_is_object(message))
		message = json_object_get(choice, "message");
	add_content(reader->text, json_object_get(message, "content"));
	if (json_string_length(json_object_get(message, "refusal")) > 0)
		answer->refused = TRUE;
}

static json_t *
load(const char *bytes, gsize length)
{
	g_autofree char *valid = g_utf8_make_valid(bytes, (gssize)length);
	const char *start = valid;

	if (g_str_has_prefix(start, "\xef\xbb\xbf"))
		start += 3;
	return json_loads(start, 0, NULL);
}

/* The end of an event: its data, if it has any, is one piece. */
static void
read_event(kd_llm_reader *reader)
{
	g_autoptr(json_t) root = NULL;

	if (reader->data->len == 0)
		return;
	if (!strcmp(reader->data->str, DONE)) {
		reader->done = TRUE;
	} else {
		root = load(reader->data->str, reader->data->len);
		if (json_is_object(root))
			read_root(reader, root);
		else
			reader->broken = TRUE;
	}
	g_string_truncate(reader->data, 0);
}

/* A line of a stream: data, or a comment or field that tells us nothing. */
static void
read_line(kd_llm_reader *reader, const char *line, gsize length)
{
	if (length == 0) {
		read_event(reader);
		return;
	}
	if (length < 5 || memcmp(line, "data:", 5))
		return;
	line += 5;
	length -= 5;
	if (length > 0 && *line == ' ') {
		line++;
		length--;
	}
	if (reader->data->len > 0)
		g_string_append_c(reader->data, '\n');
	g_string_append_len(reader->data, line, (gssize)length);
}

/* Lines end with CR LF, LF or CR; a CR at the end may have its LF to come. */
static void
read_lines(kd_llm_reader *reader)
{
	const GString *raw = reader->raw;

	while (!reader->done) {
		const char *start = raw->str + reader->next;
		gsize left = raw->len - reader->next, end = 0;

		while (end < left && start[end] != '\n' && start[end] != '\r')
			end++;
		if (end == left || (start[end] == '\r' && end + 1 == left))
			return;
		reader->next += end + 1;
		if (start[end] == '\r' && start[end + 1] == '\n')
			reader->next++;
		read_line(reader, start, end);
	}
}

/* By the first line with text in it: a stream has fields or comments. */
static void
decide(kd_llm_reader *reader)
{
	static const char *const starts[] = {
	    "data:", "event:", "id:", "retry:", ":", NULL};
	const char *text = reader->raw->str;

	if (g_str_has_prefix(text, "\xef\xbb\xbf"))
		text += 3;
	text += strspn(text, " \t\r\n");
	if (strlen(text) < strlen("retry:") && *text != ':')
		return;
	reader->decided = TRUE;
	for (gsize i = 0; starts[i]; i++)
		reader->stream =
		    reader->stream || g_str_has_prefix(text, starts[i]);
	reader->next = reader->stream ? (gsize)(text - reader->raw->str) : 0;
}

gboolean
kd_llm_reader_feed(kd_llm_reader *reader, const char *bytes, gsize length)
{
	if (reader->done || reader->over)
		return FALSE;
	if (length > KD_LLM_ANSWER_MAX - reader->raw->len) {
		reader->over = TRUE;
		return FALSE;
	}
	g_string_append_len(reader->raw, bytes, (gssize)length);
	if (!reader->decided)
		decide(reader);
	if (reader->stream)
		read_lines(reader);
	return !reader->done;
}

gboolean
kd_llm_reader_is_done(const kd_llm_reader *reader)
{
	return reader->done;
}

gboolean
kd_llm_reader_is_over(const kd_llm_reader *reader)
{
	return reader->over;
}

char *
kd_llm_reader_dup(const kd_llm_reader *reader)
{
	return g_strndup(reader->raw->str, reader->raw->len);
}

/* What is no JSON: a proxy's page, say.  Its text may help. */
static void
read_other(kd_llm_reader *reader)
{
	const char *text = reader->raw->str;

	reader->broken = TRUE;
	reader->answer->message = clean_message(
	    reader->raw->len == 0	   ? "empty answer"
	    : strcspn(text, "<") < 20	   ? "an HTML page, no JSON"
	    : *text == '{' || *text == '[' ? "cut or malformed JSON"
					   : text);
}

struct kd_llm_answer *
kd_llm_reader_end(kd_llm_reader *reader)
{
	struct kd_llm_answer *answer = reader->answer;

	if (reader->stream) {
		const char *rest = reader->raw->str + reader->next;

		/* The last line may lack its end. */
		if (!reader->done) {
			read_line(reader, rest, strcspn(rest, "\r\n"));
			read_event(reader);
		}
	} else {
		g_autoptr(json_t) root =
		    load(reader->raw->str, reader->raw->len);

		if (json_is_object(root))
			read_root(reader, root);
		else
			read_other(reader);
		reader->done = TRUE;
	}
	answer->whole =
	    reader->choice && reader->done && !reader->broken && !reader->over;
	answer->text = g_string_free(g_steal_pointer(&reader->text), FALSE);
	reader->text = g_string_new(NULL);
	reader->answer = g_new0(struct kd_llm_answer, 1);
	return answer;
}
