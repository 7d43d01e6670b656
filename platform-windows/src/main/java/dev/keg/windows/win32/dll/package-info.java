/**
 * The Windows libraries as JNA binds them: functions, structures and constants with the names of
 * the Windows SDK, and nothing else. Depends on nothing. The bindings extend {@code Library}, never
 * {@code StdCallLibrary}, and use no {@code WString}, {@code char[]} or {@code NativeLong}: this
 * gives them the same layout on Linux, where they are tested.
 */
@NullMarked
package dev.keg.windows.win32.dll;

import org.jspecify.annotations.NullMarked;
