package dev.keg.cli.action;

import dev.keg.cli.output.VolumeColumns;
import dev.keg.cli.output.VolumeOrder;
import dev.keg.cli.output.VolumeRow;
import dev.keg.cli.output.VolumeRows;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.lifecycle.PluginVolumes;
import dev.keg.lifecycle.Volumes;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.VolumeFilter;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** The output of {@code keg ls}. */
public record VolumeList(Session session, Format format, VolumeOrder order, boolean size) {
  /** Prints the volumes that pass the filters, and those that only plugins have. */
  public void print(List<String> filters, Optional<PluginVolumes> plugins) {
    session.warnOfMissingRoot();
    Volumes volumes = session.volumes();
    boolean plain = filters.isEmpty() && order == VolumeOrder.NAME && plugins.isEmpty();
    if (format instanceof Format.Names && plain) {
      printNames(volumes);
      return;
    }
    VolumeRows rows = new VolumeRows(volumes, size || order == VolumeOrder.SIZE);
    VolumeFilter filter =
        VolumeFilter.forList(FilterArguments.parse(filters), volumes.filterContext());
    print(rows.of(filter, plugins, order));
    if (format instanceof Format.Table) {
      // Before the rest: a server that does not answer must not hide the list.
      session.streams().out().flush();
      rows.missing().forEach(session::warn);
    }
    PartialFailure.throwIfAny(rows.problems());
  }

  private void printNames(Volumes volumes) {
    StringBuilder names = new StringBuilder();
    volumes.names().forEach(name -> names.append(name.text()).append('\n'));
    session.streams().out().print(names);
  }

  private void print(List<VolumeRow> rows) {
    PrintStream out = session.streams().out();
    if (format instanceof Format.Document) {
      rows.forEach(row -> out.println(row.json(session.zone())));
    } else {
      VolumeColumns.rows(size, session::zone).print(out, format, rows);
    }
  }
}
