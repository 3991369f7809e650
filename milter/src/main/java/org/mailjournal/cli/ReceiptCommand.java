package org.mailjournal.cli;

import java.util.concurrent.Callable;
import org.mailjournal.config.Config;
import org.mailjournal.config.Key;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.MessageState;
import org.mailjournal.receipt.ByHand;
import org.mailjournal.receipt.OwnDomains;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code journal receipt}. */
@Command(
    name = "receipt",
    description = "Mails a receipt of what is known of one message now, or prints it.",
    sortOptions = false)
final class ReceiptCommand implements Callable<Integer> {
  @Parameters(paramLabel = "REF", description = "A Message-ID, queue id or journal id.")
  private String reference;

  @Option(
      names = "--to",
      paramLabel = "ADDRESS",
      converter = AddresseeArgument.class,
      description = "Mail it there, not to the message's sender.")
  private Address to;

  @Option(names = "--print", description = "Print it as a mail, and send nothing.")
  private boolean print;

  @Spec private CommandSpec spec;

  private final JournalCommand root;

  ReceiptCommand(JournalCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return new NamedMessage(root, spec)
        .use(
            reference,
            print,
            (config, reader, message) -> {
              Address addressee = addressee(config, message);
              ByHand receipts =
                  new ByHand(
                      root.context().services().receiptSettings(config),
                      reader,
                      root.context().clock());
              return give(config, receipts, receipts.write(message, addressee), addressee);
            });
  }

  private Address addressee(Config config, MessageState message) {
    Address addressee = to == null ? message.sender() : to;
    if (addressee.isNull()) {
      throw misuse("the message has the null sender; name an addressee with --to");
    }
    if (to == null && !print && !new OwnDomains(config.receipts().domains()).hold(addressee)) {
      throw misuse(
          addressee
              + " is not in one of receipts.domains, or leads on to another domain; if it is meant"
              + " so, say --to "
              + addressee);
    }
    return addressee;
  }

  private int give(Config config, ByHand receipts, byte[] receipt, Address addressee) {
    if (print) {
      root.context().out().write(receipt, 0, receipt.length);
      return CommandLineProgram.OK;
    }
    ByHand.Answer answer = receipts.send(addressee, receipt);
    if (!answer.isTaken()) {
      return say(
          "receipt send: to "
              + addressee
              + " by "
              + Key.RECEIPTS_SUBMIT.path()
              + " = "
              + config.receipts().submit()
              + ": "
              + answer.words(),
          CommandLineProgram.JOURNAL);
    }
    root.context().out().println(Plain.text("Sent to " + addressee + ": " + answer.words()));
    return CommandLineProgram.OK;
  }

  private ParameterException misuse(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  private int say(String problem, int code) {
    root.context().err().println("journal: " + Plain.text(problem));
    return code;
  }
}
