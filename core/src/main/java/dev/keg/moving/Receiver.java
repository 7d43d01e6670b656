package dev.keg.moving;

import dev.keg.moving.pass.SendingPass.KnownTimes;
import dev.keg.moving.pass.SendingPass.Result;
import dev.keg.tree.FileTree;

/** Receives the changes of a volume, repeatedly. */
interface Receiver {
  Result pass(FileTree tree, KnownTimes known);
}
