package dev.keg.attachment;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The mount table of a host that belongs to a shared registry, which gives the host its id and
 * name.
 */
public record MemberMounts(MountTable table, String hostId, String hostName) implements MountTable {
  @Override
  public List<MountPoint> mounts() {
    return table.mounts();
  }

  @Override
  public boolean isMounted(String target) {
    return table.isMounted(target);
  }

  @Override
  public Optional<Long> processWith(Path target) {
    return table.processWith(target);
  }

  @Override
  public Optional<MountIdentity> identity(Path site) {
    return table.identity(site);
  }

  @Override
  public Optional<Path> find(MountIdentity mount, Path site) {
    return table.find(mount, site);
  }

  @Override
  public MountTable now() {
    return new MemberMounts(table.now(), hostId, hostName);
  }

  @Override
  public List<OutsideMount> mountsOutside(Path directory, Reach reach) {
    return table.mountsOutside(directory, reach);
  }

  @Override
  public void refresh() {
    table.refresh();
  }

  @Override
  public boolean hasEnded(String engine) {
    return table.hasEnded(engine);
  }

  @Override
  public String bootId() {
    return table.bootId();
  }
}
