divert(-1)
#
# Mail Journal on sendmail: the milter on the way in, the relay on the way out. README.md beside
# the directory of this file says how to use it. m4 expands comments too, so that none of them
# names a macro.
#
# First argument: milter.listen of journal.conf, in the notation of sendmail.
# Second argument: the port of egress.listen, on 127.0.0.1.
#
divert(0)dnl
VERSIONID(`mailjournal.m4')
divert(-1)

define(`_MJ_MILTER_', ifelse(len(X`'_ARG_), `1', `inet:8891@127.0.0.1', `_ARG_'))
define(`_MJ_PORT_', ifelse(len(X`'_ARG2_), `1', `2526', `_ARG2_'))

# F=T: while the journal is down, clients are told to come again (4xx); nothing passes unrecorded.
# C: to connect. S: to send a packet. R: for an answer. E: for the answer to the whole message.
INPUT_MAIL_FILTER(`mailjournal', `S='_MJ_MILTER_`, F=T, T=C:10s;S:30s;R:30s;E:5m')

# The lists as they are, and behind them what we read: v tells sendmail from Postfix, i is the
# queue id, j is the name of this machine.
define(`confMILTER_MACROS_CONNECT',
  defn(`confMILTER_MACROS_CONNECT')``, v, {client_name}'')
define(`confMILTER_MACROS_EOM',
  defn(`confMILTER_MACROS_EOM')``, i, j, {nrcpts}, {nbadrcpts}, {msg_size}'')

# Every outgoing transaction runs through the relay, which finds the next hop itself.
define(`SMTP_MAILER_ARGS',  `TCP [127.0.0.1] '_MJ_PORT_)
define(`ESMTP_MAILER_ARGS', `TCP [127.0.0.1] '_MJ_PORT_)
define(`SMTP8_MAILER_ARGS', `TCP [127.0.0.1] '_MJ_PORT_)
define(`DSMTP_MAILER_ARGS', `TCP [127.0.0.1] '_MJ_PORT_)
define(`RELAY_MAILER_ARGS', `TCP [127.0.0.1] '_MJ_PORT_)

# Sendmail keeps trouble in mind by the host that it spoke to, and that is always us: a 4xx to one
# message would hold up the mail to everybody for half an hour, unseen by us. With 0s it believes no
# such note, whether it is its own (in a queue run) or lies in HostStatusDirectory (mci_get() of 8.17).
define(`confTO_HOSTSTATUS', `0s')

# W: nor does it look into the file there. While another delivery writes it the file is locked, and a
# locked one counts as a host in trouble, too.
# 0: it looks up no exchangers. Else it makes one transaction of all domains that have the same first
# one (deliver() of 8.17), of which the relay serves one domain; each other one waits for a queue run.
MODIFY_MAILER_FLAGS(`SMTP', `+W0')
MODIFY_MAILER_FLAGS(`ESMTP', `+W0')
MODIFY_MAILER_FLAGS(`SMTP8', `+W0')
MODIFY_MAILER_FLAGS(`DSMTP', `+W0')
MODIFY_MAILER_FLAGS(`RELAY', `+W0')
ifelse(defn(`LOCAL_MAILER_PATH'), `[IPC]', `MODIFY_MAILER_FLAGS(`LOCAL', `+W0')')
