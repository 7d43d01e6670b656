package dev.keg.cli.command;

import dev.keg.cli.option.Converters;
import dev.keg.cli.output.Format;
import dev.keg.cli.output.VolumeColumns;
import dev.keg.cli.output.VolumeRow;
import dev.keg.cli.output.VolumeUsage;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Listing;
import dev.keg.lifecycle.Volumes;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code keg ls}. */
@Command(name = "ls", customSynopsis = "keg ls [OPTIONS]", header = "List volumes")
public final class LsCommand implements Runnable {
  @ParentCommand private Keg keg;

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
      names = {"-q", "--quiet"},
      description = "Only display volume names, including damaged volumes")
  private boolean quiet;

  @Option(
      names = {"-s", "--size"},
      description = "Display the size of each volume and the number of its holders")
  private boolean size;

  @Override
  public void run() {
    Session session = keg.session();
    Volumes volumes = session.volumes();
    Format shown = Format.of(format, quiet);
    if (shown instanceof Format.Names && filters.isEmpty()) {
      StringBuilder names = new StringBuilder();
      volumes.names().forEach(name -> names.append(name.text()).append('\n'));
      session.streams().out().print(names);
      return;
    }
    Listing listing =
        volumes.list(VolumeFilter.forList(FilterArguments.parse(filters), volumes.filterContext()));
    List<RuntimeException> problems = new ArrayList<>(listing.problems());
    List<VolumeRow> rows = new ArrayList<>();
    for (Volume volume : listing.volumes()) {
      rows.add(row(volumes, volume, problems));
    }
    VolumeColumns.rows(size, session::zone).print(session.streams().out(), shown, rows);
    PartialFailure.throwIfAny(problems);
  }

  private VolumeRow row(Volumes volumes, Volume volume, List<RuntimeException> problems) {
    return new VolumeRow(
        volume,
        "local",
        () -> volumes.mountpoint(volume).toString(),
        size ? usage(volumes, volume, problems) : null,
        () -> status(volumes.status(volume.name())));
  }

  // Docker knows no status of such volumes; its scripts see one only where somebody holds one.
  private static String status(VolumeStatus status) {
    return status == VolumeStatus.AVAILABLE ? "N/A" : status.word();
  }

  private static @Nullable VolumeUsage usage(
      Volumes volumes, Volume volume, List<RuntimeException> problems) {
    try {
      return new VolumeUsage(volumes.holders(volume.name()).size(), volumes.usage(volume));
    } catch (VolumeException e) {
      problems.add(e);
      return null;
    }
  }
}
