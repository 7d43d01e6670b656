package dev.keg.cli.command;

import dev.keg.cli.option.OneOf;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.registry.shared.SharedRegistry;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg registry}. */
@Command(
    name = "registry",
    customSynopsis = "keg registry [OPTIONS] init",
    header = "Make a registry that many hosts share")
public final class RegistryCommand implements Runnable {
  private enum Action {
    INIT
  }

  /** What can be done. */
  private static final class ActionWord extends OneOf<Action> {
    ActionWord() {
      super(Action.values(), OneOf::word);
    }
  }

  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();

  @Parameters(
      index = "0",
      arity = "1",
      paramLabel = "ACTION",
      converter = ActionWord.class,
      completionCandidates = ActionWord.class)
  private Action action;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "REGISTRY", hidden = true)
  private List<String> words = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    WrongUse.throwIf(!words.isEmpty(), "init takes no arguments; --root names the registry");
    switch (action) {
      case INIT -> init(session);
    }
  }

  private void init(Session session) {
    SharedRegistry registry =
        session
            .sharedRegistry()
            .orElseThrow(() -> new WrongUse("--root names no s3:// or etcd:// address"));
    boolean made = registry.init();
    session.registry().openForWriting();
    String host = registry.membership().host();
    results.print(
        session,
        Result.of(registry.address())
            .with("Registry", registry.address())
            .with("Host", host)
            .with("Made", made));
  }
}
