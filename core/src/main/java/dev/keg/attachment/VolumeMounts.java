package dev.keg.attachment;

import static java.util.stream.Collectors.toList;

import dev.keg.attachment.MountTable.MountPoint;
import dev.keg.attachment.MountTable.OutsideMount;
import dev.keg.attachment.MountTable.Reach;
import dev.keg.file.FileFailures;
import dev.keg.registry.RegistryLayout;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The mounts of each volume, recorded or not. Mounts of its snapshots do not count, since they do
 * not use the volume itself.
 */
public final class VolumeMounts {
  private final List<Path> places;
  private final MountTable table;

  /**
   * @param places the directories that contain the volumes' homes
   */
  VolumeMounts(List<Path> places, MountTable table) {
    this.places = places;
    this.table = table;
  }

  /** All mounts on or below each volume's directory, from a single read of the mount table. */
  public Map<VolumeName, List<MountPoint>> inside() {
    List<Path> real = real();
    return table.mounts().stream()
        .flatMap(mount -> below(real, mount.target(), mount))
        .collect(Collectors.groupingBy(Below::name, Collectors.mapping(Below::found, toList())));
  }

  public List<MountPoint> inside(VolumeName name) {
    return inside().getOrDefault(name, List.of());
  }

  /** The mounts of each volume's data outside its directory. */
  public Map<VolumeName, List<OutsideMount>> outside(Reach reach) {
    return real().stream()
        .flatMap(
            volumes ->
                table.mountsOutside(volumes, reach).stream()
                    .flatMap(mount -> below(volumes, mount.of(), mount)))
        .collect(Collectors.groupingBy(Below::name, Collectors.mapping(Below::found, toList())));
  }

  public List<OutsideMount> outside(VolumeName name, Reach reach) {
    return outside(reach).getOrDefault(name, List.of());
  }

  /** Where a snapshot, or any snapshot below a directory, is mounted in any namespace. */
  public List<String> of(Path snapshots) {
    return places.stream()
        .filter(snapshots::startsWith)
        .flatMap(volumes -> of(volumes, snapshots))
        .distinct()
        .toList();
  }

  private Stream<String> of(Path place, Path snapshots) {
    Path volumes = real(place);
    Path directory = volumes.resolve(place.relativize(snapshots).toString());
    return Stream.concat(
        table.mounts().stream()
            .map(MountPoint::target)
            .filter(target -> target.startsWith(directory))
            .map(Path::toString),
        table.mountsOutside(volumes, Reach.EVERYWHERE).stream()
            .filter(mount -> mount.of().startsWith(directory))
            .map(OutsideMount::toString));
  }

  private static boolean isInSnapshot(Path volumes, Path path) {
    int names = volumes.getNameCount();
    return path.getNameCount() > names + 1
        && path.getName(names + 1).toString().equals(RegistryLayout.SNAPSHOTS);
  }

  private List<Path> real() {
    return places.stream().map(VolumeMounts::real).toList();
  }

  // The mount table contains no symbolic links, but the path of the root may.
  private static Path real(Path volumes) {
    return FileFailures.translate("examine mounts", volumes, volumes::toRealPath);
  }

  private static <T> Stream<Below<T>> below(List<Path> places, Path path, T found) {
    return places.stream().flatMap(volumes -> below(volumes, path, found));
  }

  private static <T> Stream<Below<T>> below(Path volumes, Path path, T found) {
    if (!path.startsWith(volumes) || path.equals(volumes) || isInSnapshot(volumes, path)) {
      return Stream.empty();
    }
    Optional<VolumeName> name = VolumeName.lookup(volumes.relativize(path).getName(0).toString());
    return name.map(volume -> new Below<>(volume, found)).stream();
  }

  private record Below<T>(VolumeName name, T found) {}
}
