package dev.keg.cli.command;

import dev.keg.backup.replica.RepositoryKeys;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.KeyColumns;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.InvalidInput.InvalidRepository;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code keg repo key}: which keys open an encrypted repository. */
final class RepositoryKeyActions {
  @Option(
      names = "--name",
      paramLabel = "name",
      description = "With key add, call the new key so instead of a random name")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--new-key-file",
      paramLabel = "file",
      description = "With key add and key rotate, the new key or pass phrase is in this file")
  private Optional<String> file = Optional.empty();

  @Option(
      names = "--recipient",
      paramLabel = "age1…",
      description = "With key add and key rotate, the new key is this public key")
  private Optional<String> recipient = Optional.empty();

  boolean given() {
    return name.isPresent() || file.isPresent() || recipient.isPresent();
  }

  /** Takes what follows {@code key}. */
  void run(Session session, RowOptions rows, List<String> words) {
    String action = words.isEmpty() ? "" : words.getFirst();
    WrongUse.throwIf(
        !action.isEmpty() && !List.of("add", "ls", "rm", "rotate").contains(action),
        "unknown action 'key " + action + "'");
    int wanted = action.equals("rm") ? 3 : 2;
    WrongUse.throwIf(
        words.size() != wanted,
        "use key add REPO, key ls REPO, key rm REPO NAME or key rotate REPO");
    WrongUse.throwIf(rows.given() && !action.equals("ls"), "--format and --quiet apply only to ls");
    WrongUse.throwIf(
        given() && !List.of("add", "rotate").contains(action),
        "--name, --new-key-file and --recipient apply only to key add and key rotate");
    WrongUse.throwIf(name.isPresent() && action.equals("rotate"), "--name applies only to key add");
    WrongUse.throwIf(
        file.isPresent() && recipient.isPresent(),
        "conflicting options: --new-key-file and --recipient");
    try (RepositoryKeys keys = session.repositories().keys(words.get(1))) {
      switch (action) {
        case "ls" -> KeyColumns.rows().print(session.streams().out(), rows.format(), keys.list());
        case "add" -> print(session, keys.add(name, secret(session, keys)));
        case "rotate" -> print(session, keys.rotate(secret(session, keys)));
        default -> {
          keys.remove(words.get(2));
          print(session, words.get(2));
        }
      }
    }
  }

  private static void print(Session session, String name) {
    session.streams().out().println(name);
  }

  private Secret secret(Session session, RepositoryKeys keys) {
    keys.unlock();
    return recipient
        .map(RepositoryKeys::recipient)
        .or(() -> file.map(session::secret))
        .or(() -> session.keys().choose(keys.address(), true))
        .orElseThrow(
            () ->
                new InvalidRepository(
                    "no new key is given",
                    "give it with --new-key-file or --recipient, or type a pass phrase at a"
                        + " terminal"));
  }
}
