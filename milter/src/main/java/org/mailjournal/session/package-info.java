/**
 * One SMTP transaction as the milter sees it: what of it is recorded, and when the MTA is answered.
 */
package org.mailjournal.session;
