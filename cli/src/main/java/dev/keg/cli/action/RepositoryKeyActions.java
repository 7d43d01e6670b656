package dev.keg.cli.action;

import dev.keg.backup.replica.RepositoryKeys;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.backup.NewKeyOptions;
import dev.keg.cli.output.KeyColumns;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import java.util.List;

/** {@code keg repo key}: the keys that open an encrypted repository. */
public record RepositoryKeyActions(Session session, RowOptions rows, NewKeyOptions newKey) {
  private static final List<String> ACTIONS = List.of("add", "ls", "rm", "rotate");

  /** Takes the words after {@code key}. */
  public void run(List<String> words) {
    String action = words.isEmpty() ? "" : words.getFirst();
    WrongUse.throwIf(
        !action.isEmpty() && !ACTIONS.contains(action),
        "unknown action 'key " + action + "': use add, ls, rm or rotate");
    WrongUse.throwIf(
        words.size() != (action.equals("rm") ? 3 : 2),
        "use key add REPO, key ls REPO, key rm REPO NAME or key rotate REPO");
    WrongUse.throwIfAny(newKey.conflict());
    boolean makes = action.equals("add") || action.equals("rotate");
    WrongUse.throwIf(
        newKey.given() && !makes,
        "--name, --new-key-file, --recipient and --write-only apply only to key add and key"
            + " rotate");
    WrongUse.throwIf(
        newKey.name().isPresent() && action.equals("rotate"), "--name applies only to key add");
    WrongUse.throwIf(
        newKey.writeOnly().isPresent() && action.equals("rotate"),
        "--write-only applies only to key add");
    WrongUse.throwIf(
        (rows.quiet() || rows.hasFormat()) && !action.equals("ls"),
        "--format and --quiet apply only to key ls");
    try (RepositoryKeys keys = session.repositories().keys(words.get(1))) {
      switch (action) {
        case "ls" -> KeyColumns.rows().print(session.streams().out(), rows.format(), keys.list());
        case "add" -> say("Added", keys, add(keys));
        case "rotate" -> say("Rotated", keys, keys.rotate(newKey.secret(session, keys)));
        default -> {
          keys.remove(words.get(2));
          say("Removed", keys, words.get(2));
        }
      }
    }
  }

  private String add(RepositoryKeys keys) {
    return newKey
        .writeOnly()
        .map(file -> keys.addWriter(newKey.name(), session.files().getPath(file)))
        .orElseGet(() -> keys.add(newKey.name(), newKey.secret(session, keys)));
  }

  private void say(String done, RepositoryKeys keys, String name) {
    Result result =
        Result.of(name).with(done, true).with("Name", name).with("Repository", keys.address());
    rows.print(session, result);
  }
}
