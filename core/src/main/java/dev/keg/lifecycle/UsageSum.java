package dev.keg.lifecycle;

import dev.keg.usage.Room;
import dev.keg.usage.TreeUsage;
import dev.keg.volume.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The total of several volumes. A volume with an unknown figure adds nothing to it; the total is
 * empty if it is unknown for all.
 *
 * @param available how much can still be written, for all volumes of a pool
 */
public record UsageSum(
    String name,
    int volumes,
    Optional<Size> size,
    Optional<Size> allocated,
    Optional<Long> files,
    int holders,
    Optional<Size> available) {

  public static UsageSum of(String name, List<Usage> usages) {
    return new UsageSum(
        name,
        usages.size(),
        sum(usages, usage -> usage.content().size().map(Size::bytes)).map(Size::new),
        sum(usages, usage -> usage.content().allocated().map(Size::bytes)).map(Size::new),
        sum(usages, usage -> usage.content().tree().map(TreeUsage::files)),
        usages.stream().flatMap(usage -> usage.holders().stream()).reduce(0, Integer::sum),
        Optional.empty());
  }

  /** A total for each pool, including one without volumes. */
  public static List<UsageSum> by(List<PoolState> pools, List<Usage> usages) {
    return pools.stream()
        .map(
            pool ->
                of(
                        pool.name().text(),
                        usages.stream().filter(u -> u.pool().equals(pool.name().text())).toList())
                    .with(pool.room().map(Room::available)))
        .toList();
  }

  private UsageSum with(Optional<Size> room) {
    return new UsageSum(name, volumes, size, allocated, files, holders, room);
  }

  private static Optional<Long> sum(List<Usage> usages, Function<Usage, Optional<Long>> figure) {
    return usages.stream().flatMap(usage -> figure.apply(usage).stream()).reduce(Long::sum);
  }

  /** A total for each value of the key, in the order of the values. */
  public static List<UsageSum> by(Function<Usage, String> key, List<Usage> usages) {
    SequencedMap<String, List<Usage>> groups = new TreeMap<>();
    usages.forEach(
        usage -> groups.computeIfAbsent(key.apply(usage), _ -> new ArrayList<>()).add(usage));
    return groups.entrySet().stream().map(group -> of(group.getKey(), group.getValue())).toList();
  }
}
