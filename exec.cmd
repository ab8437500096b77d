@rem Scripts of package.json begin with the exec of Unix shells. Windows has none: this runs the same command there.
@%*
