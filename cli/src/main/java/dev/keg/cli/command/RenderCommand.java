package dev.keg.cli.command;

import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.error.FileFailures;
import dev.keg.mountspec.MountSpec;
import dev.keg.render.CloudInit;
import dev.keg.render.ComposeService;
import dev.keg.render.DocumentKind;
import dev.keg.render.FirecrackerDrives;
import dev.keg.render.Fstab;
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
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private SpecOptions specs = new SpecOptions();
  @Mixin private LineOptions lines = new LineOptions();

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
    List<MountSpec> mounts = specs.given() ? specs.read(session, spec) : List.of();
    if (units.isPresent()) {
      write(session, session.files().getPath(units.get()), units(session.parts(), mounts));
    } else {
      session.streams().out().print(text(session.parts(), mounts));
    }
  }

  private void requireFitting() {
    boolean forContainers = kind == DocumentKind.OCI || kind == DocumentKind.COMPOSE;
    if (container.isPresent() && (specs.given() || machine.isPresent())) {
      throw wrong("conflicting options: --container says all of it");
    }
    if (container.isEmpty() && machine.isEmpty() && !specs.given()) {
      throw wrong(
          "volumes are said with -v, --mount, --tmpfs or --compose, or by --container or --vm");
    }
    if (container.isPresent() && !forContainers) {
      throw wrong("--container is for oci and compose; say the volumes with -v or --mount");
    }
    if (machine.isPresent() && forContainers) {
      throw wrong("--vm is for documents of machines");
    }
    if (model.isPresent() && kind != DocumentKind.QEMU) {
      throw wrong("--security-model is for qemu");
    }
    if (units.isPresent() && kind != DocumentKind.SYSTEMD) {
      throw wrong("--units is for systemd");
    }
    switch (kind) {
      case CLOUD_INIT, FSTAB, SYSTEMD -> {}
      case OCI, COMPOSE, QEMU, FIRECRACKER -> {
        if (lines.given()) {
          throw wrong("--no-automount and --mount-options are for cloud-init, fstab and systemd");
        }
      }
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
    };
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
