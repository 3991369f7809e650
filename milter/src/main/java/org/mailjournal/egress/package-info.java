/**
 * The relay on the way out: every outgoing transaction of the MTA runs through it, so that the next
 * hop's own words are recorded before the MTA hears them. It never owns mail.
 */
package org.mailjournal.egress;
