package dev.keg.registry.journal;

import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import java.util.regex.Pattern;

/**
 * Names that Keg uses in the root of a volume's data while it works there. They are not content:
 * backups and copies leave them out, and a volume with nothing else is empty.
 */
public final class OwnNames {
  private static final String COPY = ".keg-cp-";
  private static final Pattern COPIES = Pattern.compile("\\.keg-cp-[0-9a-f]{1,16}");

  private OwnNames() {}

  /** The directory in which {@code cp} creates a copy. */
  public static String copy(long random) {
    return COPY + Long.toHexString(random);
  }

  public static boolean isCopy(String name) {
    return COPIES.matcher(name).matches();
  }

  public static boolean isOwn(ByteString name) {
    String text = name.toString();
    return text.equals(RestoreJournal.DIRECTORY) || isCopy(text);
  }

  public static boolean isOwn(TreePath path) {
    return path.depth() == 1 && isOwn(path.name());
  }
}
