/**
 * The proof: mail systems (a test MTA built on SubEtha, real Postfix, real sendmail), scripted
 * exchangers, and the scenarios that run against all of them.
 */
package org.mailjournal.relaytest;
