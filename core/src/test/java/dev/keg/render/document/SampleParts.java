package dev.keg.render.document;

import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.mountspec.Access.Restriction;
import dev.keg.mountspec.IdMap;
import java.util.List;
import java.util.Set;

/** Parts as resolved sets have them; some with names that every format has its own trouble with. */
public final class SampleParts {
  /** All that some format takes for an end, a beginning or an escape; no file system minds it. */
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

  /** What a Linux container can have in every one of its documents. */
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
