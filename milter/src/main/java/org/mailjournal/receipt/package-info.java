/**
 * The receipt that a sender gets: whom to tell, what to say and with which evidence, how to sign it
 * and how to send it. Reads the journal's facts and claims no more than they say.
 */
package org.mailjournal.receipt;
