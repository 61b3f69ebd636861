# SPDX-License-Identifier: Apache-2.0
dist_command_SCRIPTS += tools/postbadmail/postbadmail
