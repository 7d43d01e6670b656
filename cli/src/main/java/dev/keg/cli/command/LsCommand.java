package dev.keg.cli.command;

import dev.keg.cli.action.VolumeList;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.OrderWord;
import dev.keg.cli.output.VolumeOrder;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code keg ls}. */
@Command(name = "ls", customSynopsis = "keg ls [OPTIONS]")
public final class LsCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Option(
      names = "--all-plugins",
      description = "Also list the volumes of Docker volume plugins that Keg does not have")
  private boolean plugins;

  @Option(
      names = {"-f", "--filter"},
      paramLabel = "filter",
      converter = Converters.Filter.class,
      description = "Provide filter values (e.g. \"dangling=true\")")
  private List<String> filters = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "string",
      defaultValue = "",
      description = "Format output: 'table', 'table TEMPLATE', 'json', 'raw' or a Go template")
  private String format;

  @Option(
      names = "--host",
      paramLabel = "host",
      description = "List the volumes that this host made; short for --filter host=HOST")
  private List<String> hosts = new ArrayList<>();

  @Option(names = "--json", description = "Print an object with all fields for each volume")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only display volume names, including damaged volumes")
  private boolean quiet;

  @Option(
      names = {"-s", "--size"},
      description = "Display the size of each volume and the number of its holders")
  private boolean size;

  @Option(
      names = "--sort",
      paramLabel = "order",
      defaultValue = "name",
      converter = OrderWord.class,
      completionCandidates = OrderWord.class,
      description = "Sort by name, size, created or used (default \"name\")")
  private VolumeOrder order;

  @Override
  public void run() {
    WrongUse.throwIf(
        json && (quiet || !format.isEmpty()),
        "conflicting options: --json, and --format or --quiet");
    hosts.forEach(host -> filters.add("host=" + host));
    Session session = keg.session();
    Format shown = json ? new Format.Document() : Format.of(format, quiet);
    new VolumeList(session, shown, order, size)
        .print(filters, plugins ? Optional.of(session.pluginVolumes()) : Optional.empty());
  }
}
