package dev.keg.cli.usage;

import dev.keg.lifecycle.Usage;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code df --by}: the property that groups volumes. */
public final class GroupWord implements ITypeConverter<GroupWord.Group> {
  private static final String LABEL = "label=";

  private static final String POOL = "pool";

  /** Groups by pool; a pool has its own space, and may have no volumes. */
  public record ByPool() implements Group {
    @Override
    public String apply(Usage usage) {
      return usage.pool();
    }
  }

  /** Determines the group of a volume; without the label, its name is empty. */
  @FunctionalInterface
  public interface Group extends Function<Usage, String> {}

  @Override
  public Group convert(String value) {
    if (value.startsWith(LABEL) && value.length() > LABEL.length()) {
      String key = value.substring(LABEL.length());
      return usage -> usage.volume().labels().map().getOrDefault(key, "");
    }
    return switch (value) {
      case POOL -> new ByPool();
      case "driver" -> usage -> usage.volume().driver();
      case "type" -> Usage::type;
      default -> throw new TypeConversionException("must be driver, type, pool or label=KEY");
    };
  }
}
