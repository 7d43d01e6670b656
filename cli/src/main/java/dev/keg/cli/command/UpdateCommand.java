package dev.keg.cli.command;

import dev.keg.cli.option.Converters;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.volume.Labels;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg update}: the labels of volumes that exist. */
@Command(
    name = "update",
    customSynopsis = "keg update [OPTIONS] VOLUME [VOLUME...]",
    header = "Add and remove labels of one or more volumes")
public final class UpdateCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Option(
      names = "--label-add",
      paramLabel = "list",
      converter = Converters.Label.class,
      description = "Add or change a label (key=value)")
  private List<String> add = new ArrayList<>();

  @Option(names = "--label-rm", paramLabel = "list", description = "Remove a label by its key")
  private List<String> remove = new ArrayList<>();

  @Parameters(arity = "1..*", paramLabel = "VOLUME")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    Labels added = Labels.parse(add);
    PartialFailure.forEach(
        names,
        name -> {
          session.volumes().update(name, added, remove);
          session.streams().out().println(name);
        });
  }
}
