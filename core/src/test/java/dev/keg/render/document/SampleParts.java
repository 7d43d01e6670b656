package dev.keg.render.document;

import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.mountspec.Access.Restriction;
import dev.keg.mountspec.IdMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parts as resolved sets have them; some have names that are difficult for each format. */
public final class SampleParts {
  /**
   * All characters that some format takes for an end, a beginning or an escape; every file system
   * accepts them.
   */
  public static final String ODD = "/srv/a b#c%d\\e\"f,g'h$i:j*k[l]{m}&n|o>p!q`r~sä€😀t";

  public static final Access READ_ONLY = Access.DEFAULT.withReadOnly(true);
  public static final Access RESTRICTED =
      READ_ONLY.with(Set.of(Restriction.NOEXEC, Restriction.NOSUID, Restriction.NODEV));

  private SampleParts() {}

  public static Part.Tree volume(String name, String target, Access access) {
    return new Part.Tree("/keg/volumes/" + name + "/_data", true, target, access);
  }

  public static Part.Memory memory(String... options) {
    return new Part.Memory(
        "/run/app",
        List.of(options),
        Access.DEFAULT.with(Set.of(Restriction.NOEXEC, Restriction.NOSUID)));
  }

  public static Part.Disk disk(String name, String drive, String format, Access access) {
    return new Part.Disk(
        new Part.Image(name, drive, "/keg/volumes/" + name + "/disk." + format, format, "ext4"),
        "/mnt/" + name,
        access);
  }

  static Part.Disk identified(String name, String drive, @Nullable String place, String uuid) {
    return new Part.Disk(
        new Part.Image(
            name,
            drive,
            OptionalInt.empty(),
            "/keg/volumes/" + name + "/disk.raw",
            "raw",
            "ext4",
            uuid,
            false,
            Optional.empty()),
        place,
        Access.DEFAULT);
  }

  static Part.Disk encrypted(String name, String drive, String format) {
    return new Part.Disk(
        new Part.Image(
            name,
            drive,
            OptionalInt.empty(),
            "/keg/volumes/" + name + "/disk." + format,
            format,
            "ext4",
            null,
            false,
            Optional.of("/etc/keg/" + name + ", key")),
        "/srv/" + name,
        Access.DEFAULT);
  }

  /** Everything that every document for a Linux container supports. */
  public static List<Part> container() {
    return List.of(
        volume("db", "/var/lib/db", Access.DEFAULT),
        volume("site", "/srv/site", READ_ONLY),
        new Part.Tree("/etc/hosts", false, "/etc/hosts", READ_ONLY),
        new Part.Tree(ODD, true, ODD, Access.DEFAULT),
        volume("shared", "/shared", Access.DEFAULT.with(Propagation.RSLAVE)),
        volume("flat", "/flat", READ_ONLY.with(Recursion.DISABLED)),
        volume("deep", "/deep", READ_ONLY.with(Recursion.READONLY)),
        memory("size=1m", "mode=1777"));
  }

  /** Mounts that only Keg can make, and mounts on them or from them. */
  public static List<Part> late() {
    return List.of(
        late(new MountService("db", "/var/lib/keg", List.of(), false, List.of()), "/srv/db"),
        late(
            new MountService(
                "disk", "/var/lib/keg", List.of("/dev/disk/by-id/a-b"), false, List.of()),
            "/srv/disk"),
        late(
            new MountService(
                "site", "/var/lib/keg", List.of("/home/50% of \"it\""), false, List.of()),
            "/srv/site"),
        late(new MountService("nas", "/var/lib/keg", List.of(), true, List.of()), "/srv/nas"),
        volume("logs", "/srv/db/logs", Access.DEFAULT),
        new Part.Tree("/srv/nas/music", true, "/music", READ_ONLY),
        volume("other", "/srv/dbother", Access.DEFAULT));
  }

  private static Part late(MountService service, String target) {
    return new Part.Tree(
        "/var/lib/keg/volumes/" + service.volume() + "/_data",
        true,
        target,
        Access.DEFAULT,
        service);
  }

  public static Part restricted() {
    return volume("tight", "/tight", RESTRICTED);
  }

  public static Part relabelled() {
    return volume("labelled", "/labelled", Access.DEFAULT.with(Relabel.PRIVATE, null));
  }

  public static Part mapped() {
    return volume(
        "mapped",
        "/mapped",
        Access.DEFAULT.with(null, IdMap.parse("uids=0-1000-10#20-5000-1;gids=0-1000-10")));
  }

  public static Part.Pipe pipe() {
    return new Part.Pipe("\\\\.\\pipe\\docker_engine", "\\\\.\\pipe\\docker_engine");
  }

  /** Disks and shares of a machine. */
  public static List<Part> machine() {
    return List.of(
        disk("root-of-trust", "vda", "raw", READ_ONLY),
        identified("system", "rootfs", null, "5f6c1e0e-7a55-4c8e-a3a1-6a2a2f0b9d11"),
        identified("orders", "vdf", "/srv/orders", "0b7c9a52-9d4e-4c52-8d0f-5d1a3c3f7e21"),
        // A copy has the UUID of its source.
        identified("copy", "vdg", "/srv/copy", "c9f1ab1e-31a7-45b5-a3f2-17a8f0b6a310"),
        identified("twin", "vdh", "/srv/twin", "c9f1ab1e-31a7-45b5-a3f2-17a8f0b6a310"),
        disk("a-name-longer-than-twenty", "vdb", "qcow2", Access.DEFAULT),
        disk("old", "vdc", "vhd", Access.DEFAULT.with(Set.of(Restriction.NOSUID))),
        disk("new", "vdd", "vhdx", Access.DEFAULT),
        new Part.Disk(
            new Part.Image("blank", "vde", "/keg/volumes/blank/disk.raw", "raw", "none"),
            null,
            Access.DEFAULT),
        volume("web", "/srv/web", READ_ONLY),
        new Part.Tree(ODD, true, ODD, Access.DEFAULT),
        memory("size=1m"));
  }
}
