package dev.keg.cli.command;

import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.machine.DriveId;
import dev.keg.mountspec.MachineMount.SecurityModel;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.Platform;
import dev.keg.render.DocumentKind;
import dev.keg.render.DocumentSettings;
import dev.keg.render.DocumentSubject;
import dev.keg.render.DocumentWriter;
import dev.keg.render.Parts;
import dev.keg.render.document.SystemdUnits;
import dev.keg.volumeset.ContainerId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg render}: the document that another program needs for these volumes. */
@Command(
    name = "render",
    customSynopsis = "keg render [OPTIONS] DOCUMENT",
    header = "Print what another program needs to attach volumes")
public final class RenderCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private SpecOptions specs = new SpecOptions();
  @Mixin private LineOptions lines = new LineOptions();
  @Mixin private HcsOptions hcs = new HcsOptions();

  @Option(
      names = "--container",
      paramLabel = "id",
      description = "What is mounted for this container")
  private Optional<String> container = Optional.empty();

  @Option(
      names = "--vm",
      paramLabel = "id",
      description = "What is attached to this machine; specs say where it mounts that, and more")
  private Optional<String> machine = Optional.empty();

  @Option(
      names = "--first-drive",
      paramLabel = "id",
      description =
          "Name of a machine's first disk given by -v, --mount or --compose (default vdb)")
  private Optional<String> firstDrive = Optional.empty();

  @Option(
      names = "--security-model",
      paramLabel = "word",
      converter = DocumentWords.Model.class,
      completionCandidates = DocumentWords.Models.class,
      description = "How a machine's owners and modes are kept on the host (qemu)")
  private Optional<SecurityModel> model = Optional.empty();

  @Option(
      names = "--units",
      paramLabel = "directory",
      description = "Write each unit to its file in this directory (systemd)")
  private Optional<String> units = Optional.empty();

  @Parameters(
      index = "0",
      paramLabel = "DOCUMENT",
      converter = DocumentWords.Kind.class,
      completionCandidates = DocumentWords.Kinds.class)
  private DocumentKind kind;

  @Override
  public void run() {
    requireFitting();
    Session session = keg.session();
    DocumentSubject subject = subject(session);
    DocumentWriter documents = new DocumentWriter(parts(session), settings());
    if (units.isPresent()) {
      Path directory = session.files().getPath(units.get());
      SystemdUnits.write(documents.units(subject), directory)
          .forEach(session.streams().out()::println);
    } else {
      session.streams().out().print(documents.text(kind, subject));
    }
  }

  private Parts parts(Session session) {
    return kind == DocumentKind.HCS ? session.partsOfWindows() : session.parts();
  }

  private DocumentSubject subject(Session session) {
    List<MountSpec> mounts =
        specs.given() ? specs.read(session, spec, grammar(session)) : List.of();
    if (container.isPresent()) {
      return new DocumentSubject.Container(new ContainerId(container.get()));
    }
    return machine
        .<DocumentSubject>map(id -> new DocumentSubject.Machine(id, mounts))
        .orElseGet(() -> new DocumentSubject.Wanted(mounts, firstDrive()));
  }

  // A machine usually starts from a disk of its own.
  private DriveId firstDrive() {
    DriveId id = new DriveId(firstDrive.orElse("vdb"));
    require(id.position().isPresent(), "--first-drive is one of vda, vdb, ...");
    return id;
  }

  private MountSpecs grammar(Session session) {
    if (kind != DocumentKind.HCS) {
      return session.mountSpecs();
    }
    return session.mountSpecsOfWindows(hcs.linux() ? Platform.LINUX_ON_WINDOWS : Platform.WINDOWS);
  }

  private DocumentSettings settings() {
    return new DocumentSettings(
        lines.settings(),
        model.orElse(SecurityModel.MAPPED_XATTR),
        specs.service().or(() -> container).orElse("app"),
        hcs.target(machine.isPresent()),
        hcs.request().orElse(null));
  }

  private void requireFitting() {
    require(
        container.isEmpty() || (!specs.given() && machine.isEmpty()),
        "conflicting options: --container says all of it");
    require(
        container.isPresent() || machine.isPresent() || specs.given(),
        "volumes are said with -v, --mount, --tmpfs or --compose, or by --container or --vm");
    boolean windows = kind == DocumentKind.HCS;
    require(
        container.isEmpty() || kind.forContainers() || windows,
        "--container is for oci, compose and hcs; say the volumes with -v or --mount");
    require(machine.isEmpty() || !kind.forContainers(), "--vm is for documents of machines");
    require(
        firstDrive.isEmpty() || (machine.isEmpty() && container.isEmpty() && !kind.forContainers()),
        "--first-drive is for disks of a machine given by -v, --mount or --compose");
    require(model.isEmpty() || kind == DocumentKind.QEMU, "--security-model is for qemu");
    require(units.isEmpty() || kind == DocumentKind.SYSTEMD, "--units is for systemd");
    require(
        !lines.given() || kind.hasLines(),
        "--no-automount and --mount-options are for cloud-init, fstab and systemd");
    require(
        !hcs.given() || windows, "--request, --guest, --isolation and --guest-agent are for hcs");
    hcs.conflict(machine.isPresent()).ifPresent(why -> require(false, why));
  }

  private void require(boolean fitting, String what) {
    if (!fitting) {
      throw new ParameterException(spec.commandLine(), what);
    }
  }
}
