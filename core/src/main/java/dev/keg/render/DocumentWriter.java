package dev.keg.render;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.render.document.CloudInit;
import dev.keg.render.document.ComposeService;
import dev.keg.render.document.FirecrackerDrives;
import dev.keg.render.document.Fstab;
import dev.keg.render.document.OciMounts;
import dev.keg.render.document.Part;
import dev.keg.render.document.QemuArguments;
import dev.keg.render.document.SystemdUnits;
import dev.keg.render.document.SystemdUnits.Unit;
import dev.keg.render.hcs.HcsRequests;
import dev.keg.render.hcs.HcsSystem;
import dev.keg.render.hcs.HcsTarget;
import java.util.List;

/** Writes a document of any kind about any subject. */
public final class DocumentWriter {
  private final Parts parts;
  private final DocumentSettings settings;

  public DocumentWriter(Parts parts, DocumentSettings settings) {
    this.parts = parts;
    this.settings = settings;
  }

  public String text(DocumentKind kind, DocumentSubject subject) {
    return switch (kind) {
      case OCI -> OciMounts.of(ofContainer(kind, subject));
      case COMPOSE -> ComposeService.of(settings.service(), ofContainer(kind, subject));
      case QEMU -> QemuArguments.of(ofMachine(kind, subject), settings.model());
      case FIRECRACKER -> FirecrackerDrives.of(ofMachine(kind, subject));
      case CLOUD_INIT -> CloudInit.of(ofMachine(kind, subject), settings.lines());
      case FSTAB ->
          isOfMachine(subject)
              ? Fstab.ofMachine(ofMachine(kind, subject), settings.lines())
              : Fstab.ofHost(ofHost(kind, subject), settings.lines());
      case SYSTEMD -> SystemdUnits.text(units(subject));
      case HCS -> hcs(subject);
    };
  }

  /** The units of systemd as separate files. */
  public List<Unit> units(DocumentSubject subject) {
    return isOfMachine(subject)
        ? SystemdUnits.ofMachine(ofMachine(DocumentKind.SYSTEMD, subject), settings.lines())
        : SystemdUnits.ofHost(ofHost(DocumentKind.SYSTEMD, subject), settings.lines());
  }

  // Only machines have disks; a host has directories.
  private boolean isOfMachine(DocumentSubject subject) {
    return switch (subject) {
      case DocumentSubject.Wanted wanted -> wanted.ofMachine() || parts.anyDisk(wanted.mounts());
      case DocumentSubject.Container _ -> false;
      case DocumentSubject.Machine _ -> true;
    };
  }

  private String hcs(DocumentSubject subject) {
    HcsTarget target = settings.target();
    List<Part> resolved =
        target.isMachine()
            ? ofMachine(DocumentKind.HCS, subject)
            : ofContainer(DocumentKind.HCS, subject);
    return settings
        .request()
        .map(type -> String.join("", HcsRequests.of(type, resolved, target)))
        .orElseGet(() -> HcsSystem.of(resolved, target));
  }

  private List<Part> ofContainer(DocumentKind kind, DocumentSubject subject) {
    return switch (subject) {
      case DocumentSubject.Wanted wanted -> parts.ofContainer(wanted.mounts());
      case DocumentSubject.Container container -> parts.ofContainer(container.id());
      case DocumentSubject.Machine _ -> throw unfit(kind, "a machine");
    };
  }

  private List<Part> ofMachine(DocumentKind kind, DocumentSubject subject) {
    return switch (subject) {
      case DocumentSubject.Wanted wanted -> parts.ofMachine(wanted.mounts(), wanted.firstDrive());
      case DocumentSubject.Container _ -> throw unfit(kind, "a container");
      case DocumentSubject.Machine machine -> parts.ofMachine(machine.id(), machine.mounts());
    };
  }

  // The mounts of a container end with the next boot of the host.
  private List<Part> ofHost(DocumentKind kind, DocumentSubject subject) {
    return switch (subject) {
      case DocumentSubject.Wanted wanted -> parts.ofHost(wanted.mounts());
      case DocumentSubject.Container _ -> throw unfit(kind, "a container");
      case DocumentSubject.Machine _ -> throw unfit(kind, "a machine");
    };
  }

  private static InvalidSpec unfit(DocumentKind kind, String what) {
    return new InvalidSpec(
        "%s cannot describe %s".formatted(kind.word(), what),
        "give the volumes as specs, such as -v");
  }
}
