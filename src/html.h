/*
 * The words of an HTML body, for mails that have no other.  A browser's parser
 * is not wanted here: tags are dropped, those that end a line end it, elements
 * that are not shown are dropped whole.  Pure; linear in its input.
 */
#ifndef KD_HTML_H
#define KD_HTML_H

#include <glib.h>

/*
 * The text of HTML, which is valid UTF-8, without scripts, styles, comments
 * and what a style attribute hides.  Nothing in it is safe to show before
 * kd_body_clean().  The caller frees it.
 */
char *kd_html_to_text(const char *html);

#endif
