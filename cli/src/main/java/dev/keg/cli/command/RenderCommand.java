package dev.keg.cli.command;

import dev.keg.cli.option.DocumentOptions;
import dev.keg.cli.option.HcsOptions;
import dev.keg.cli.option.RenderRules;
import dev.keg.cli.option.SpecOptions;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.render.DocumentKind;
import dev.keg.render.DocumentSettings;
import dev.keg.render.DocumentSubject;
import dev.keg.render.DocumentWriter;
import dev.keg.render.document.SystemdUnits;
import dev.keg.volumeset.ContainerId;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg render}: prints the document that another program needs for these volumes. */
@Command(name = "render", customSynopsis = "keg render [OPTIONS] DOCUMENT")
public final class RenderCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private SpecOptions specs = new SpecOptions();
  @Mixin private DocumentOptions document = new DocumentOptions();
  @Mixin private HcsOptions hcs = new HcsOptions();

  @Option(
      names = "--container",
      paramLabel = "id",
      description = "Render what is mounted for this container")
  private Optional<String> container = Optional.empty();

  @Option(
      names = "--vm",
      paramLabel = "id",
      description = "Render what is attached to this machine; specs add mounts in the machine")
  private Optional<String> machine = Optional.empty();

  @Option(
      names = "--units",
      paramLabel = "directory",
      description = "Write each unit to a file in this directory (systemd)")
  private Optional<String> units = Optional.empty();

  @Parameters(
      index = "0",
      paramLabel = "DOCUMENT",
      converter = DocumentOptions.Kind.class,
      completionCandidates = DocumentOptions.Kind.class)
  private DocumentKind kind;

  @Override
  public void run() {
    WrongUse.throwIfAny(
        RenderRules.conflict(spec, kind, specs.given())
            .or(() -> hcs.conflict(machine.isPresent())));
    Session session = keg.session();
    DocumentSubject subject = subject(session);
    DocumentWriter documents = new DocumentWriter(RenderRules.parts(session, kind), settings());
    if (units.isPresent()) {
      SystemdUnits.write(documents.units(subject), session.files().getPath(units.get()))
          .forEach(session.streams().out()::println);
    } else {
      session.streams().out().print(documents.text(kind, subject));
    }
  }

  private DocumentSubject subject(Session session) {
    if (container.isPresent()) {
      return new DocumentSubject.Container(new ContainerId(container.get()));
    }
    SpecOptions.Mounts mounts =
        specs.read(session, RenderRules.grammar(session, kind, hcs.linux()));
    return machine
        .<DocumentSubject>map(id -> new DocumentSubject.Machine(id, mounts.specs()))
        .orElseGet(
            () ->
                new DocumentSubject.Wanted(
                    mounts.specs(), document.firstDrive(), mounts.ofMachine()));
  }

  private DocumentSettings settings() {
    String name = specs.service().or(() -> container).orElse("app");
    return document.settings(name, hcs.target(machine.isPresent()), hcs.request());
  }
}
