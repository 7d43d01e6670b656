package dev.keg.copying;

import dev.keg.tree.ByteString;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.util.Optional;

/**
 * Where a copy goes, by the rules of docker's {@code cp}.
 *
 * @param directory an existing directory of the target
 * @param name the name of the copy in it; empty if the content of a directory goes there
 */
record CopyTarget(TreePath directory, Optional<ByteString> name) {

  static CopyTarget of(ResolvedEnd from, boolean ofDirectory, ResolvedEnd to) {
    Optional<Stat> there = to.stat();
    if (there.filter(CopyTarget::isDirectory).isPresent()) {
      return from.written().content()
          ? new CopyTarget(to.path(), Optional.empty())
          : new CopyTarget(to.path(), Optional.of(ByteString.utf8(from.written().name())));
    }
    if (there.isPresent() && ofDirectory) {
      throw to.failure("cannot copy a directory to a file");
    }
    if (there.isPresent() && to.written().directory()) {
      throw to.failure("not a directory");
    }
    if (there.isEmpty() && to.written().directory() && !ofDirectory) {
      throw to.failure("no such directory");
    }
    TreePath parent = to.path().parent();
    if (to.tree().stat(parent).filter(CopyTarget::isDirectory).isEmpty()) {
      throw to.failure("directory \"%s\" does not exist".formatted(parent));
    }
    return new CopyTarget(parent, Optional.of(to.path().name()));
  }

  private static boolean isDirectory(Stat stat) {
    return stat.type() == Stat.Type.DIRECTORY;
  }
}
