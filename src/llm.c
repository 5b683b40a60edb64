#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "llm.h"

#define CONNECT_MS  10000
#define HEADERS_MAX 65536 /* bytes of all fields of an answer */
#define STALL_BYTES 1	  /* a second; for a stream that has begun */
#define STALL_TIME  120	  /* seconds */
#define REDACTED    "[redacted]"

typedef CURL kd_curl;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_curl, curl_easy_cleanup)
typedef struct curl_slist kd_fields;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_fields, curl_slist_free_all)

/* A request on its way. */
struct call {
	kd_llm_reader *reader;
	struct kd_llm_outcome *outcome;
	gsize headers; /* bytes so far */
};

static size_t
take_body(char *bytes, size_t size, size_t count, void *data)
{
	struct call *call = data;

	/* Fewer bytes than given end the transfer. */
	return kd_llm_reader_feed(call->reader, bytes, size * count)
		   ? size * count
		   : 0;
}

/* "Name: value" with this name: the value, which the caller frees. */
static char *
field_value(const char *field, gsize length, const char *name)
{
	gsize n = strlen(name);

	if (length <= n || field[n] != ':' ||
	    g_ascii_strncasecmp(field, name, n))
		return NULL;
	return g_strstrip(g_strndup(field + n + 1, length - n - 1));
}

static size_t
take_field(char *field, size_t size, size_t count, void *data)
{
	struct call *call = data;
	gsize length = size * count;
	g_autofree char *after = field_value(field, length, "retry-after");
	g_autofree char *ms = field_value(field, length, "retry-after-ms");
	g_autofree char *should = field_value(field, length, "x-should-retry");

	call->headers += length;
	if (call->headers > HEADERS_MAX)
		return 0;
	if (ms && g_ascii_isdigit(*ms))
		call->outcome->retry_after =
		    (gint64)MIN(g_ascii_strtoull(ms, NULL, 10), 1000000000) *
		    1000;
	else if (after && call->outcome->retry_after < 0)
		call->outcome->retry_after =
		    kd_llm_retry_after(after, g_get_real_time());
	if (should)
		call->outcome->should_retry =
		    !g_ascii_strcasecmp(should, "true") ? 1 : 0;
	return length;
}

static enum kd_llm_transport
transport_of(CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return KD_LLM_SENT;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
		return KD_LLM_CONNECT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_ISSUER_ERROR:
		return KD_LLM_TLS;
	case CURLE_OPERATION_TIMEDOUT:
		return KD_LLM_TIMEOUT;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_HTTP2_STREAM:
		return KD_LLM_CUT;
	case CURLE_WRITE_ERROR:
		return KD_LLM_TOO_LONG;
	default:
		return KD_LLM_OTHER;
	}
}

/* Header fields of a request.  The key is one of them and nowhere else. */
static kd_fields *
make_fields(const kd_llm_profile *profile, gboolean body)
{
	kd_fields *fields = NULL;

	if (body)
		fields =
		    curl_slist_append(fields, "Content-Type: application/json");
	fields = curl_slist_append(
	    fields, "Accept: application/json, text/event-stream");
	/* No question whether we may send; no delay for it. */
	fields = curl_slist_append(fields, "Expect:");
	for (gsize i = 0; profile->conf->headers && profile->conf->headers[i];
	     i++)
		fields = curl_slist_append(fields, profile->conf->headers[i]);
	if (profile->key) {
		g_autofree char *field =
		    g_strconcat("Authorization: Bearer ", profile->key, NULL);

		fields = curl_slist_append(fields, field);
		explicit_bzero(field, strlen(field));
	}
	return fields;
}

static void
set_options(CURL *curl, const kd_llm_profile *profile, const char *url,
    const char *body, gint64 milliseconds)
{
	const struct kd_conf_profile *conf = profile->conf;
	const char *protocols =
	    g_ascii_strncasecmp(url, "http:", 5) ? "https" : "http";

	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_PROXY, conf->proxy ? conf->proxy : "");
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (conf->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, conf->ca_file);
	curl_easy_setopt(
	    curl, CURLOPT_CONNECTTIMEOUT_MS, MIN(CONNECT_MS, milliseconds));
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)milliseconds);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)STALL_BYTES);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
	    (long)MAX(STALL_TIME, conf->deadline));
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "kvdigest/" PACKAGE_VERSION);
	if (body) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
		curl_easy_setopt(
		    curl, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
	}
}

/* A server may say a key back to us, in an error for instance. */
static void
redact(char **text, const char *key)
{
	g_auto(GStrv) pieces = NULL;

	if (!*text || !key || !strstr(*text, key))
		return;
	pieces = g_strsplit(*text, key, -1);
	g_free(*text);
	*text = g_strjoinv(REDACTED, pieces);
}

static void
redact_outcome(struct kd_llm_outcome *outcome, const char *key)
{
	redact(&outcome->reason, key);
	redact(&outcome->body, key);
	redact(&outcome->answer->text, key);
	redact(&outcome->answer->finish, key);
	redact(&outcome->answer->model, key);
	redact(&outcome->answer->message, key);
	redact(&outcome->answer->code, key);
	redact(&outcome->answer->param, key);
}

static void
perform(CURL *curl, struct call *call, const char *url)
{
	struct kd_llm_outcome *outcome = call->outcome;
	char detail[CURL_ERROR_SIZE] = "";
	CURLcode code;
	long status = 0;

	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_field);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, call);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	outcome->status = (guint)status;
	/* A stream that has said its end need not end the connection. */
	if (code == CURLE_WRITE_ERROR && kd_llm_reader_is_done(call->reader))
		code = CURLE_OK;
	outcome->transport = transport_of(code);
	if (code != CURLE_OK)
		outcome->reason = g_strdup_printf("%s: %s", url,
		    kd_llm_reader_is_over(call->reader)
			? "the answer is too long"
		    : call->headers > HEADERS_MAX ? "its header is too long"
		    : *detail			  ? detail
						  : curl_easy_strerror(code));
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
}

void
kd_llm_send(const kd_llm_profile *profile, const char *url, const char *body,
    gint64 milliseconds, struct kd_llm_outcome *outcome)
{
	g_autoptr(kd_llm_reader) reader = kd_llm_reader_new();
	struct call call = {.reader = reader, .outcome = outcome};
	g_autoptr(kd_fields) fields = make_fields(profile, body != NULL);
	g_autoptr(kd_curl) curl = curl_easy_init();

	outcome->retry_after = -1;
	outcome->should_retry = -1;
	if (!curl || !fields) {
		outcome->transport = KD_LLM_OTHER;
		outcome->reason = g_strdup("libcurl: out of memory");
		return;
	}
	set_options(curl, profile, url, body, MAX(milliseconds, 1));
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
	perform(curl, &call, url);
	if (!body)
		outcome->body = kd_llm_reader_dup(reader);
	outcome->answer = kd_llm_reader_end(reader);
	redact_outcome(outcome, profile->key);
}
