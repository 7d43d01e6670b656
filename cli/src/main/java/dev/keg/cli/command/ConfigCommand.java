package dev.keg.cli.command;

import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.ConfigRow;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.config.Config.Scope;
import dev.keg.config.Config.Setting;
import dev.keg.config.ConfigChange;
import dev.keg.config.ConfigKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg config}. */
@Command(name = "config", customSynopsis = "keg config [OPTIONS] [KEY [VALUE]]")
public final class ConfigCommand implements Runnable {
  /** The keys. */
  private static final class Keys extends ArrayList<String> {
    Keys() {
      super(Arrays.stream(ConfigKey.values()).map(ConfigKey::toString).toList());
    }
  }

  @ParentCommand private Keg keg;
  @Mixin private RowOptions rows = new RowOptions(_ -> ConfigRow.ROWS);

  @Option(
      names = "--machine",
      description = "Set it for all users of this root, in ROOT/config.json")
  private boolean machine;

  @Option(names = "--unset", description = "Remove the key from the file")
  private boolean unset;

  @Parameters(index = "0", paramLabel = "KEY", arity = "0..1", completionCandidates = Keys.class)
  private Optional<String> key = Optional.empty();

  @Parameters(index = "1", paramLabel = "VALUE", arity = "0..1")
  private Optional<String> value = Optional.empty();

  @Override
  public void run() {
    boolean changes = unset || value.isPresent();
    WrongUse.throwIf(unset && value.isPresent(), "conflicting options: --unset and a value");
    WrongUse.throwIf(unset && key.isEmpty(), "--unset requires a key");
    WrongUse.throwIf(machine && !changes, "--machine requires a key with a value, or --unset");
    WrongUse.throwIf(
        changes && (rows.hasFormat() || rows.quiet()),
        "--format and --quiet apply only to the list");
    Optional<ConfigKey> named = key.map(ConfigKey::parse);
    Session session = keg.session();
    if (changes) {
      change(session, named.orElseThrow());
    } else if (named.isPresent() && !rows.given()) {
      session.streams().out().println(ConfigRow.of(session, named.get()).value());
    } else {
      List<ConfigRow> found =
          Arrays.stream(ConfigKey.values())
              .filter(one -> named.isEmpty() || named.get() == one)
              .map(one -> ConfigRow.of(session, one))
              .toList();
      ConfigRow.ROWS.print(session.streams().out(), rows.format(), found);
    }
  }

  private void change(Session session, ConfigKey changed) {
    ConfigChange change = ConfigChange.of(changed, value, session.drivers());
    Path file =
        machine
            ? change.ofMachine(session.registry())
            : change.ofUser(session.config().userFile(), session.directorySync());
    rows.print(
        session,
        Result.naming("File", file.toString())
            .with("Key", changed.toString())
            .with(unset ? "Unset" : "Set", true));
    Scope scope = machine ? Scope.MACHINE : Scope.USER;
    session
        .config()
        .find(changed)
        .filter(found -> found.scope().compareTo(scope) < 0)
        .map(Setting::source)
        .ifPresent(source -> session.warn("%s overrides it".formatted(source)));
  }
}
