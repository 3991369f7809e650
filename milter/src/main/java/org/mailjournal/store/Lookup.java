package org.mailjournal.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Status;

/**
 * One condition of a query, twice: as rows in the derived tables that no matching message lacks,
 * and as a test of the message itself.
 */
interface Lookup {
  /** Rows of a derived table, by one number in its first column. */
  record Rows(String table, String column, int value) {
    static Rows of(int hash) {
      return new Rows("lookup", "hash", hash);
    }

    static Rows of(Status status) {
      return new Rows("status", "status", Codes.of(status));
    }
  }

  /** A matching message has at least one of these. */
  List<Rows> rows(Hash hash);

  boolean matches(Messages.Whole message);

  /** The conditions of a query, its times apart. */
  static List<Lookup> of(Query query) {
    List<Lookup> lookups = new ArrayList<>();
    query.text().ifPresent(text -> lookups.add(new ByText(text)));
    query.messageId().ifPresent(id -> lookups.add(new ByMessageId(id)));
    query.queueId().ifPresent(id -> lookups.add(new ByQueueId(id)));
    query.remoteQueueId().ifPresent(id -> lookups.add(new ByRemoteQueueId(id)));
    query.sender().ifPresent(sender -> lookups.add(new BySender(sender)));
    query.recipient().ifPresent(recipient -> lookups.add(new ByRecipient(recipient)));
    query
        .status()
        .ifPresent(
            status -> lookups.add(new ByStatus(status, query.recipient().map(ByRecipient::new))));
    return lookups;
  }

  /** By the whole Message-ID or its left part. */
  record ByMessageId(String id) implements Lookup {
    @Override
    public List<Rows> rows(Hash hash) {
      return List.of(Rows.of(hash.messageId(id)), Rows.of(hash.messageId(left())));
    }

    private String left() {
      boolean isOne = !id.isEmpty() && id.length() <= MessageId.LONGEST;
      return isOne ? new MessageId(id).left() : id;
    }

    @Override
    public boolean matches(Messages.Whole message) {
      return message
          .state()
          .messageId()
          .filter(found -> found.text().equals(id) || found.left().equals(id))
          .isPresent();
    }
  }

  /** By the MTA's queue id. */
  record ByQueueId(String id) implements Lookup {
    @Override
    public List<Rows> rows(Hash hash) {
      return List.of(Rows.of(hash.queueId(id)));
    }

    @Override
    public boolean matches(Messages.Whole message) {
      return message.state().key().queueId().text().equals(id);
    }
  }

  /** By a queue id that any reply of a far side named, whatever became of it later. */
  record ByRemoteQueueId(String id) implements Lookup {
    @Override
    public List<Rows> rows(Hash hash) {
      return List.of(Rows.of(hash.remoteQueueId(id)));
    }

    @Override
    public boolean matches(Messages.Whole message) {
      return message.remoteQueueIds().contains(id);
    }
  }

  /** By the envelope sender, in each form of its domain. */
  record BySender(List<Address> forms) implements Lookup {
    BySender(Address sender) {
      this(Forms.of(sender));
    }

    @Override
    public List<Rows> rows(Hash hash) {
      return forms.stream().map(form -> Rows.of(hash.sender(form))).toList();
    }

    @Override
    public boolean matches(Messages.Whole message) {
      return forms.contains(message.state().sender());
    }
  }

  /**
   * By a recipient, under the address that the sender gave or the one that is delivered to, in each
   * form of its domain.
   */
  record ByRecipient(List<Address> forms) implements Lookup {
    ByRecipient(Address recipient) {
      this(Forms.of(recipient));
    }

    @Override
    public List<Rows> rows(Hash hash) {
      return forms.stream().map(form -> Rows.of(hash.recipient(form))).toList();
    }

    @Override
    public boolean matches(Messages.Whole message) {
      return message.state().recipients().stream().anyMatch(this::is);
    }

    private boolean is(RecipientState state) {
      return forms.contains(state.recipient().address())
          || forms.contains(state.recipient().accepted());
    }
  }

  /** By a present status; of the recipient that the query names, where it names one. */
  record ByStatus(Status status, Optional<ByRecipient> recipient) implements Lookup {
    @Override
    public List<Rows> rows(Hash hash) {
      return List.of(Rows.of(status));
    }

    @Override
    public boolean matches(Messages.Whole message) {
      return message.state().recipients().stream()
          .filter(r -> recipient.map(asked -> asked.is(r)).orElse(true))
          .anyMatch(r -> r.status() == status);
    }
  }

  /** By any id or address. */
  record ByText(String text) implements Lookup {
    private List<Lookup> alternatives() {
      Address address = Address.ofPath(text);
      List<Lookup> all = new ArrayList<>();
      all.add(new ByQueueId(text));
      all.add(new ByMessageId(text));
      all.add(new ByRemoteQueueId(text));
      all.add(new BySender(address));
      all.add(new ByRecipient(address));
      MessageKey.parse(text).ifPresent(id -> all.add(new ByJournalId(id)));
      return all;
    }

    @Override
    public List<Rows> rows(Hash hash) {
      return alternatives().stream().flatMap(one -> one.rows(hash).stream()).distinct().toList();
    }

    @Override
    public boolean matches(Messages.Whole message) {
      return alternatives().stream().anyMatch(one -> one.matches(message));
    }
  }

  /** By our own name for a message. */
  record ByJournalId(MessageKey.Id id) implements Lookup {
    @Override
    public List<Rows> rows(Hash hash) {
      QueueId queueId = id.queueId();
      return List.of(Rows.of(hash.queueId(queueId.text())));
    }

    @Override
    public boolean matches(Messages.Whole message) {
      MessageKey key = message.state().key();
      return key.queueId().equals(id.queueId()) && key.receivedAt().equals(id.receivedAt());
    }
  }
}
