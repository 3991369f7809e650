/*
 * A milter that wants to see every event and answers each at once: what libmilter itself costs.
 * Usage: bare SOCKET (inet:PORT@HOST)
 */
#include <stdio.h>
#include <string.h>
#include <libmilter/mfapi.h>

static sfsistat on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *address)
{
	(void) ctx; (void) host; (void) address;
	return SMFIS_CONTINUE;
}

static sfsistat on_text(SMFICTX *ctx, char *text)
{
	(void) ctx; (void) text;
	return SMFIS_CONTINUE;
}

static sfsistat on_envelope(SMFICTX *ctx, char **words)
{
	(void) ctx; (void) words;
	return SMFIS_CONTINUE;
}

static sfsistat on_header(SMFICTX *ctx, char *name, char *value)
{
	(void) ctx; (void) name; (void) value;
	return SMFIS_CONTINUE;
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *piece, size_t length)
{
	(void) ctx; (void) piece; (void) length;
	return SMFIS_CONTINUE;
}

static sfsistat on_event(SMFICTX *ctx)
{
	(void) ctx;
	return SMFIS_CONTINUE;
}

int main(int argc, char **argv)
{
	struct smfiDesc filter;

	if (argc != 2) {
		fprintf(stderr, "usage: bare SOCKET\n");
		return 2;
	}
	memset(&filter, 0, sizeof filter);
	filter.xxfi_name = "bare";
	filter.xxfi_version = SMFI_VERSION;
	filter.xxfi_connect = on_connect;
	filter.xxfi_helo = on_text;
	filter.xxfi_envfrom = on_envelope;
	filter.xxfi_envrcpt = on_envelope;
	filter.xxfi_header = on_header;
	filter.xxfi_eoh = on_event;
	filter.xxfi_body = on_body;
	filter.xxfi_eom = on_event;
	if (smfi_setconn(argv[1]) != MI_SUCCESS || smfi_register(filter) != MI_SUCCESS) {
		fprintf(stderr, "bare: no such socket: %s\n", argv[1]);
		return 1;
	}
	/* As many clients as are measured connect at once. */
	smfi_setbacklog(1024);
	return smfi_main() == MI_SUCCESS ? 0 : 1;
}
