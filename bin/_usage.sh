# Sourced by the programs beside it: asked for -h or --help, they print the comment at their top
# and do nothing else.
case ${1:-} in
    -h | --help)
        sed -n '2,${/^#/!q;s/^# \{0,1\}//p;}' "$0"
        exit 0
        ;;
esac
