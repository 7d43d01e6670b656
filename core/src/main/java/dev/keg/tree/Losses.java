package dev.keg.tree;

/** Is told what of a file could not be kept, and why; the work goes on. */
@FunctionalInterface
public interface Losses {
  void lost(TreePath path, String what, String why);
}
