package dev.keg.cli.command;

import dev.keg.cli.output.HolderStatus;
import dev.keg.cli.output.InspectView;
import dev.keg.cli.output.Inspector;
import dev.keg.cli.output.VolumeDocument;
import dev.keg.cli.output.VolumeRow.Usage;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.cli.template.Struct;
import dev.keg.cli.template.TemplateException;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Inspection;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg inspect}. */
@Command(name = "inspect", customSynopsis = "keg inspect [OPTIONS] VOLUME [VOLUME...]")
public final class InspectCommand implements Runnable {
  private static final int UNPARSABLE = 64;

  @ParentCommand private Keg keg;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "string",
      defaultValue = "",
      description = "Format output: 'json' or a Go template")
  private String format;

  @Option(
      names = "--json",
      description = "Print all fields, including those that docker does not have")
  private boolean json;

  @Option(
      names = {"-s", "--size"},
      description = "Display the size of each volume and the number of its holders")
  private boolean size;

  @Parameters(arity = "1..*", paramLabel = "VOLUME")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    WrongUse.throwIf(json && !format.isEmpty(), "conflicting options: --json and --format");
    Session session = keg.session();
    Inspector inspector = inspector();
    List<RuntimeException> problems = new ArrayList<>();
    for (String name : names) {
      try {
        inspector.add(view(session, name));
      } catch (VolumeException | TemplateException.Failed e) {
        problems.add(e);
      }
    }
    inspector.print(session.streams().out());
    PartialFailure.throwIfAny(problems);
  }

  private Inspector inspector() {
    try {
      return Inspector.of(format);
    } catch (TemplateException.Unparsable e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), UNPARSABLE);
    }
  }

  private Struct view(Session session, String name) {
    Inspection inspection = session.volumes().inspect(name);
    String mountpoint = inspection.mountpoint().toString();
    Usage usage =
        size
            ? new Usage(inspection.holders().size(), session.volumes().usage(inspection.volume()))
            : null;
    VolumeDocument document = new VolumeDocument(inspection.overview(), mountpoint, usage);
    return json
        ? document.structure(session.zone())
        : new InspectView(
                inspection.volume(),
                mountpoint,
                inspection.overview().scope(),
                HolderStatus.of(inspection),
                usage,
                Inspector.isTemplate(format) ? document : null)
            .in(session.zone());
  }
}
