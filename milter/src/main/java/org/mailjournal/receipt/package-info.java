/**
 * Receipts: whom to tell of a message's fate, what to say, with which evidence, how it is signed
 * and how it is sent.
 */
package org.mailjournal.receipt;
