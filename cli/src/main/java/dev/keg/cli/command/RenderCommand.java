package dev.keg.cli.command;

import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.error.FileFailures;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.Platform;
import dev.keg.render.CloudInit;
import dev.keg.render.ComposeService;
import dev.keg.render.DocumentKind;
import dev.keg.render.FirecrackerDrives;
import dev.keg.render.Fstab;
import dev.keg.render.HcsRequests;
import dev.keg.render.HcsSystem;
import dev.keg.render.HcsTarget;
import dev.keg.render.OciMounts;
import dev.keg.render.Part;
import dev.keg.render.Parts;
import dev.keg.render.QemuArguments;
import dev.keg.render.QemuArguments.SecurityModel;
import dev.keg.render.SystemdUnits;
import dev.keg.render.SystemdUnits.Unit;
import dev.keg.volumeset.ContainerId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code keg render}: the document that another program needs for these volumes. */
@Command(
    name = "render",
    customSynopsis = "keg render [OPTIONS] DOCUMENT",
    header = "Print what another program needs to attach volumes")
public final class RenderCommand implements Runnable {
  private static final Set<DocumentKind> BOOT =
      Set.of(DocumentKind.CLOUD_INIT, DocumentKind.FSTAB, DocumentKind.SYSTEMD);

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
      names = "--security-model",
      paramLabel = "word",
      converter = ModelWord.class,
      completionCandidates = ModelWords.class,
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
      converter = KindWord.class,
      completionCandidates = KindWords.class)
  private DocumentKind kind;

  @Override
  public void run() {
    requireFitting();
    Session session = keg.session();
    List<MountSpec> mounts =
        specs.given() ? specs.read(session, spec, grammar(session)) : List.of();
    Parts parts = kind == DocumentKind.HCS ? session.partsOfWindows() : session.parts();
    if (units.isPresent()) {
      write(session, session.files().getPath(units.get()), units(parts, mounts));
    } else {
      session.streams().out().print(text(parts, mounts));
    }
  }

  private MountSpecs grammar(Session session) {
    if (kind != DocumentKind.HCS) {
      return session.mountSpecs();
    }
    return session.mountSpecsOfWindows(hcs.linux() ? Platform.LINUX_ON_WINDOWS : Platform.WINDOWS);
  }

  private void requireFitting() {
    if (container.isPresent() && (specs.given() || machine.isPresent())) {
      throw wrong("conflicting options: --container says all of it");
    }
    if (container.isEmpty() && machine.isEmpty() && !specs.given()) {
      throw wrong(
          "volumes are said with -v, --mount, --tmpfs or --compose, or by --container or --vm");
    }
    boolean forContainers =
        switch (kind) {
          case OCI, COMPOSE -> true;
          case QEMU, FIRECRACKER, CLOUD_INIT, FSTAB, SYSTEMD -> false;
          case HCS -> machine.isEmpty();
        };
    require(
        container.isEmpty() || forContainers,
        "--container is for oci, compose and hcs; say the volumes with -v or --mount");
    require(machine.isEmpty() || !forContainers, "--vm is for documents of machines");
    require(model.isEmpty() || kind == DocumentKind.QEMU, "--security-model is for qemu");
    require(units.isEmpty() || kind == DocumentKind.SYSTEMD, "--units is for systemd");
    require(
        !lines.given() || BOOT.contains(kind),
        "--no-automount and --mount-options are for cloud-init, fstab and systemd");
    require(
        !hcs.given() || kind == DocumentKind.HCS,
        "--request, --guest, --isolation and --guest-agent are for hcs");
    hcs.conflict(machine.isPresent()).ifPresent(why -> require(false, why));
  }

  private void require(boolean fitting, String what) {
    if (!fitting) {
      throw wrong(what);
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private static void write(Session session, Path directory, List<Unit> units) {
    for (Unit unit : units) {
      Path file = directory.resolve(unit.name());
      FileFailures.run("write", file, () -> Files.writeString(file, unit.text()));
      session.streams().out().println(file);
    }
  }

  private String text(Parts parts, List<MountSpec> mounts) {
    return switch (kind) {
      case OCI -> OciMounts.of(ofContainer(parts, mounts));
      case COMPOSE -> ComposeService.of(service(), ofContainer(parts, mounts));
      case QEMU ->
          QemuArguments.of(ofMachine(parts, mounts), model.orElse(SecurityModel.MAPPED_XATTR));
      case FIRECRACKER -> FirecrackerDrives.of(ofMachine(parts, mounts));
      case CLOUD_INIT -> CloudInit.of(ofMachine(parts, mounts), lines.settings());
      case FSTAB ->
          isForMachine(parts, mounts)
              ? Fstab.ofMachine(ofMachine(parts, mounts), lines.settings())
              : Fstab.ofHost(parts.ofHost(mounts), lines.settings());
      case SYSTEMD -> SystemdUnits.text(units(parts, mounts));
      case HCS -> hcs(machine.isPresent() ? ofMachine(parts, mounts) : ofContainer(parts, mounts));
    };
  }

  private String hcs(List<Part> parts) {
    HcsTarget target = hcs.target(machine.isPresent());
    return hcs.request()
        .map(type -> String.join("", HcsRequests.of(type, parts, target)))
        .orElseGet(() -> HcsSystem.of(parts, target));
  }

  private List<Unit> units(Parts parts, List<MountSpec> mounts) {
    return isForMachine(parts, mounts)
        ? SystemdUnits.ofMachine(ofMachine(parts, mounts), lines.settings())
        : SystemdUnits.ofHost(parts.ofHost(mounts), lines.settings());
  }

  private String service() {
    return specs.service().or(() -> container).orElse("app");
  }

  private List<Part> ofContainer(Parts parts, List<MountSpec> mounts) {
    return container
        .map(id -> parts.ofContainer(new ContainerId(id)))
        .orElseGet(() -> parts.ofContainer(mounts));
  }

  private List<Part> ofMachine(Parts parts, List<MountSpec> mounts) {
    return machine.map(id -> parts.ofMachine(id, mounts)).orElseGet(() -> parts.ofMachine(mounts));
  }

  // A host has directories; what has disks is a machine.
  private boolean isForMachine(Parts parts, List<MountSpec> mounts) {
    return machine.isPresent() || parts.anyDisk(mounts);
  }

  /** The words for DOCUMENT. */
  static final class KindWords implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(DocumentKind.values()).map(DocumentKind::word).iterator();
    }
  }

  /** Reads DOCUMENT. */
  static final class KindWord implements ITypeConverter<DocumentKind> {
    @Override
    public DocumentKind convert(String value) {
      return DocumentKind.ofWord(value)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "there is no document '%s'; there are %s"
                          .formatted(value, String.join(", ", new KindWords()))));
    }
  }

  /** The words for --security-model. */
  static final class ModelWords implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(SecurityModel.values()).map(SecurityModel::word).iterator();
    }
  }

  /** Reads --security-model. */
  static final class ModelWord implements ITypeConverter<SecurityModel> {
    @Override
    public SecurityModel convert(String value) {
      return SecurityModel.ofWord(value)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "it is none of " + String.join(", ", new ModelWords())));
    }
  }
}
