package dev.keg.cli.action;

import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Session;
import dev.keg.file.FileFailures;
import dev.keg.program.Programs;
import dev.keg.registry.shared.Hosts;
import dev.keg.registry.shared.Hosts.Evidence;
import dev.keg.registry.shared.Hosts.HostEntry;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** The actions of {@code keg host} on the hosts of a shared registry. */
public record HostActions(Session session, RowOptions rows) {
  /** The hosts. */
  public static final Rows<HostEntry> ROWS =
      new Rows<>(
          Columns.<HostEntry>of("host")
              .with("Name", "HOST", HostEntry::name)
              .with("ID", "ID", HostEntry::id)
              .with("Volumes", "VOLUMES", h -> Integer.toString(h.volumes()), HostEntry::volumes)
              .with("Holders", "HOLDERS", h -> Integer.toString(h.holders()), HostEntry::holders)
              .with("Seen", "SEEN", h -> h.seen().map(Object::toString).orElse("never")),
          List.of("Name", "ID", "Volumes", "Holders", "Seen"),
          List.of("Name"));

  private Hosts hosts() {
    var shared = RegistryActions.shared(session);
    session.registry().openForWriting();
    return shared.hosts();
  }

  public void list() {
    ROWS.print(session.streams().out(), rows.format(), hosts().list());
  }

  public void beat() {
    hosts().beat(session.attachments().system().bootId());
  }

  /** Removes a host: with a command that fences it, on the operator's word, or if it is idle. */
  public void remove(String text, Optional<String> fence, boolean force, Hosts.OwnVolumes volumes) {
    Hosts hosts = hosts();
    HostEntry host = hosts.find(text);
    if (fence.isPresent() && !host.here()) {
      fence(host, fence.get());
    }
    Evidence evidence =
        fence.isPresent() ? Evidence.FENCED : force ? Evidence.SILENT : Evidence.NONE;
    List<String> forgotten =
        hosts.remove(host, evidence, volumes).stream().map(VolumeName::text).toList();
    if (!forgotten.isEmpty()) {
      session.warn(
          "the data of these volumes is still on host %s, but no registry lists it any more: %s"
              .formatted(host.name(), String.join(", ", forgotten)));
    }
    rows.print(
        session,
        Result.naming("Name", host.name())
            .with("Removed", true)
            .with("ForgottenVolumes", forgotten));
  }

  private void fence(HostEntry host, String command) {
    try (Programs.Running running = session.programs().start(List.of("sh", "-c", command))) {
      running.input().close();
      var _ = running.output().transferTo(OutputStream.nullOutputStream());
      int status = running.exitCode();
      if (status != 0) {
        throw failed(
            host,
            "the command ended with status %d: %s".formatted(status, running.complaint().strip()));
      }
    } catch (IOException e) {
      throw failed(host, FileFailures.reason(e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw failed(host, "interrupted");
    }
  }

  private static CommandFailure failed(HostEntry host, String why) {
    return new CommandFailure(
        "Error: host rm %s: not fenced, so nothing was released: %s".formatted(host.name(), why),
        1);
  }
}
